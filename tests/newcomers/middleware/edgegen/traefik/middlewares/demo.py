"""`demo`: a plugin of Traefik, which adds a header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Line


class Demo(Middleware):
    """Adds a header."""

    traefik_name: ClassVar[str] = "plugin"

    kind: Literal["demo"] = "demo"
    """The kind of middleware."""
    header: Line
    """The header's value."""

    def options(self) -> dict[str, Any]:
        """A plugin's options stand below its name."""
        return {"demo": super().options()}

    def static(self) -> Iterator[str]:
        yield "--experimental.plugins.demo.modulename=github.com/traefik/plugindemo"
        yield "--experimental.plugins.demo.version=v0.2.1"
