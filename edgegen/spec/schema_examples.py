"""Examples that follow from a key's type: a word that it takes, or the other truth value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def plain_example(property_: Mapping[str, Any]) -> Any:
    """A value that is worth writing down: not the default, where there is another. None if the type doesn't tell."""
    default = property_.get("default")
    values = list(_values(property_))
    return next((value for value in values if value != default), values[0] if values else None)


def _values(node: Mapping[str, Any]) -> Iterator[Any]:
    if "const" in node:
        yield node["const"]
    yield from node.get("enum", ())
    if node.get("type") == "boolean":
        yield True
        yield False
    for branch in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _values(branch)
