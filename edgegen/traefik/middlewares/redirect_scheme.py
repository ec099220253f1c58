"""`redirect-scheme`: redirects to another scheme."""

from __future__ import annotations

from typing import ClassVar, Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Flag, PortText


class RedirectScheme(Middleware):
    """Redirects to another scheme."""

    traefik_name: ClassVar[str] = "redirectScheme"

    kind: Literal["redirect-scheme"] = "redirect-scheme"
    """The kind of middleware."""
    scheme: Literal["http", "https"]
    """The other scheme."""
    port: PortText | None = None
    """The other port."""
    permanent: Flag | None = None
    """301 or 308 instead of 302 or 307."""
