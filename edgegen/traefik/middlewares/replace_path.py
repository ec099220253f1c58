"""`replace-path`: another path for the service."""

from __future__ import annotations

from typing import ClassVar, Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import UrlPath


class ReplacePath(Middleware):
    """Another path for the service."""

    traefik_name: ClassVar[str] = "replacePath"

    kind: Literal["replace-path"] = "replace-path"
    """The kind of middleware."""
    path: UrlPath
    """The path."""
