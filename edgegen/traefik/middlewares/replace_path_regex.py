"""`replace-path-regex`: replaces the path by a regular expression."""

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import GoRegex, Line


class ReplacePathRegex(Middleware):
    """Replaces the path by a regular expression."""

    kind: Literal["replace-path-regex"] = "replace-path-regex"
    regex: GoRegex
    """What the path must match. Example: `^/old/(.*)`."""
    replacement: Line
    """The new path; `$1` is the first group. Example: `/new/$1`."""
