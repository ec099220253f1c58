"""Where each part of merged data was written. Pure: a parallel tree that exists only where something was merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.core.location import Path
from edgegen.lint.model import File, Spot


class Layer(Struct, frozen=True, eq=False):
    """One document of one file, with what its values are read by."""

    file: File
    data: Any
    values: Mapping[str, str] = field(default_factory=dict)
    """The variables that it sees."""
    base: str = ""
    """The folder that its relative paths start from, relative to the project's; empty for the project's own."""


class Origin:
    """The place of a value, and the places of those of its parts that come from elsewhere."""

    __slots__ = ("after", "layer", "parts", "path")

    def __init__(
        self, layer: Layer, path: Path = (), parts: dict[str | int, Origin] | None = None, after: str = ""
    ) -> None:
        self.layer = layer
        self.path = path
        self.parts = parts
        self.after = after

    def at(self, *keys: str | int) -> Origin:
        """Of a part."""
        here = self
        for key in keys:
            part = here.parts.get(key) if here.parts else None
            here = Origin(here.layer, (*here.path, key)) if part is None else part
        return here

    @property
    def spot(self) -> Spot:
        """The place as rules know it."""
        return Spot(self.layer.file, self.path, after=self.after)


Node = tuple[Any, Origin]
"""A value and where it was written."""


def child(node: Node, key: str | int) -> Node:
    """A part of a mapping or list."""
    return node[0][key], node[1].at(key)
