"""`add-prefix`: adds a prefix to the path."""

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import UrlPath


class AddPrefix(Middleware):
    """Adds a prefix to the path."""

    kind: Literal["add-prefix"] = "add-prefix"
    prefix: UrlPath
    """Prefix for the path. Example: `/app`."""
