"""The text of a box as it fits: how wide it is, and what of a long one is shown. Pure."""

from __future__ import annotations

from msgspec import Struct

from edgegen.core.columns import width
from edgegen.core.show import shown
from edgegen.graph.escaping import MOST_TEXT
from edgegen.graph.model import Kind, Node

LONGEST = 38
"""Columns; a longer text loses its middle. The whole text is in the box's tooltip."""
_TITLE, _LINE, _WARE = 8.0, 7.1, 7.5
"""The width of a column in a title, in a line, and in a line of middlewares: what fixed-width fonts have at these
sizes, and a little more."""
ROW, TOP, PAD = 15, 20, 11


class Label(Struct, frozen=True):
    """The rows of a box. `full` is the whole text where something is missing in the rows, or ""."""

    title: str
    lines: tuple[str, ...]
    full: str
    per_title: float
    per_line: float
    """The width of a column."""

    @property
    def width(self) -> int:
        """Of its box."""
        rows = [self.per_title * width(self.title), *(self.per_line * width(line) for line in self.lines)]
        return round(max(rows)) + 2 * PAD

    @property
    def height(self) -> int:
        """Of its box."""
        return 2 * TOP - 8 + ROW * len(self.lines)


def label(node: Node) -> Label:
    """What the box of a node says. Text from others is on one line each, without control characters."""
    rows = [shown(row, MOST_TEXT) for row in (node.title, *node.lines)]
    short = [shortened(row) for row in rows]
    sizes = (_WARE, _WARE) if node.kind is Kind.MIDDLEWARES else (_TITLE, _LINE)
    return Label(short[0], tuple(short[1:]), "\n".join(rows) if short != rows else "", *sizes)


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text, or its beginning and its end with an ellipsis between."""
    if width(text) <= longest:
        return text
    half = (longest - 1) // 2
    return f"{_fitting(text, half)}…{_fitting(text[::-1], half)[::-1]}"


def _fitting(text: str, most: int) -> str:
    taken = ""
    for character in text:
        if width(taken + character) > most:
            break
        taken += character
    return taken
