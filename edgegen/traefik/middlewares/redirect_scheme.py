"""`redirect-scheme`: redirects to another scheme."""

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Flag, PortText


class RedirectScheme(Middleware):
    """Redirects to another scheme."""

    kind: Literal["redirect-scheme"] = "redirect-scheme"
    scheme: Literal["http", "https"]
    """The new scheme."""
    port: PortText | None = None
    """The new port. Example: `"8443"`."""
    permanent: Flag | None = None
    """301 or 308 instead of 302 or 307."""
