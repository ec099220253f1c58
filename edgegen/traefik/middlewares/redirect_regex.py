"""`redirect-regex`: redirects by a regular expression over the URL."""

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Flag, GoRegex, Line


class RedirectRegex(Middleware):
    """Redirects by a regular expression over the URL."""

    kind: Literal["redirect-regex"] = "redirect-regex"
    regex: GoRegex
    """What the URL must match. Example: `^https://www.commenthouse.com/blog/(.*)`."""
    replacement: Line
    """Target URL; `${1}` is the first group. Example: `https://blog.commenthouse.com/${1}`."""
    permanent: Flag | None = None
    """301 or 308 instead of 302 or 307."""
