"""The pieces that a new service is made of, from a template of `init` or an image: entries of edge.yaml's sections."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from edgegen.compose.emit import emit
from edgegen.lint.edits.blocks import Block
from edgegen.lint.edits.entries import end_of_entry
from edgegen.lint.edits.layout import Layout
from edgegen.spec.source import read_yaml

SECTIONS = ("services", "secrets", "configs", "volumes", "networks")
"""What a template brings along. Its name, domain, certificates, edge and environments are the project's own already."""


class Piece(Struct, frozen=True):
    """One entry of one section."""

    section: str
    name: str
    value: Any
    block: Block


def of_value(section: str, name: str, value: Mapping[str, Any]) -> Piece:
    """An entry without comments."""
    lines = emit({name: dict(value)}, interpolated=False).split("\n")
    return Piece(section, name, dict(value), Block(tuple(lines), _in_line(name, value)))


def of_template(text: str) -> list[Piece]:
    """The entries of a starter project's spec, with their comments. Networks that no service joins are left out."""
    data = read_yaml(text.encode(), "template").data
    layout = Layout(text)
    joined = {name for service in data["services"].values() for name in service.get("networks", ())}
    return [
        Piece(section, name, value, Block(tuple(_lines(text, layout, section, name)), _in_line(name, value)))
        for section in SECTIONS
        for name, value in data.get(section, {}).items()
        if section != "networks" or name in joined
    ]


def _lines(text: str, layout: Layout, section: str, name: str) -> Iterator[str]:
    """The lines of an entry, without the indentation that they have there."""
    entry = layout.find((section, name))
    assert entry is not None  # noqa: S101  # it was just read from this text
    start, end = text.rfind("\n", 0, entry.start) + 1, end_of_entry(text, entry)
    assert end is not None  # noqa: S101  # templates have only comments behind a value
    pad = entry.start - start
    for line in text[start:end].rstrip("\n").split("\n"):
        yield line[pad:].rstrip()


def _in_line(name: str, value: Any) -> str:
    """As a flow mapping has it: JSON, which is YAML, and plain keys."""
    return f"{name}: {json.dumps(value, ensure_ascii=False)}"
