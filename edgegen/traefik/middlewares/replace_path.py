"""`replace-path`: replaces the path."""

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import UrlPath


class ReplacePath(Middleware):
    """Replaces the path."""

    kind: Literal["replace-path"] = "replace-path"
    path: UrlPath
    """The path. Example: `/index.html`."""
