"""`replace-path-regex`: another path by a regular expression."""

from __future__ import annotations

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import GoRegex, Line


class ReplacePathRegex(Middleware):
    """Another path by a regular expression."""

    kind: Literal["replace-path-regex"] = "replace-path-regex"
    regex: GoRegex
    """What the path must match."""
    replacement: Line
    """The path instead; `$1` is the first group."""
