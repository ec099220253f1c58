"""Rows in columns. On a narrow terminal the columns that matter least move under their row: nothing is cut. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from edgegen.cli.console import printable
from edgegen.cli.screen import BOLD, DIM, Screen
from edgegen.core.columns import width, wrapped

_GAP, _INDENT = "  ", "    "
_LEAST = 24
"""Columns for sentences; with fewer they move under the row."""
_NOTHING = ("", "-", "?")


class Column(Struct, frozen=True):
    """Of the columns that don't fit, the one with the lowest `rank` moves first. One below 0 never has a place."""

    head: str
    rank: int = 0
    is_prose: bool = False
    """Its sentences may be wrapped, if it is the last column."""


class Cell(NamedTuple):
    """Text in a colour."""

    text: str
    code: str = ""


Row = Sequence[str | Cell]


def table(columns: Sequence[Column], rows: Sequence[Row], screen: Screen) -> str:
    """A line of heads, and the rows with their first column in bold. Text from others is made harmless."""
    cells = [[_cell(cell, is_name=number == 0) for number, cell in enumerate(row)] for row in rows]
    shape = _shape(columns, cells, screen)
    head = [Cell(column.head, DIM) for column in columns]
    lines = [line for row in (head, *cells) for line in shape.lines(row, is_head=row is head)]
    return "\n".join([*lines, *(shape.of_all(cells[0]) if cells else ())])


def _cell(cell: str | Cell, *, is_name: bool) -> Cell:
    text, code = cell if isinstance(cell, Cell) else (cell, "")
    return Cell(printable(text).replace("\n", " ").replace("\t", " "), code or (BOLD if is_name else ""))


def _shape(columns: Sequence[Column], cells: Sequence[Sequence[Cell]], screen: Screen) -> _Shape:
    found = [[width(column.head), *(width(row[at].text) for row in cells)] for at, column in enumerate(columns)]
    widths = list(map(max, found))
    if screen.width is None:
        return _Shape(columns, screen, widths, list(range(len(columns))))
    # One name that is longer than half a line gets a line to itself, and does not push all others aside.
    widths[0] = max((size for size in found[0] if size <= screen.width // 2), default=0)
    inline = _fitting(columns, widths, screen.width)
    moved = [at for at in range(len(columns)) if at not in inline]
    alike = [at for at in moved if len(cells) > 1 and len({row[at] for row in cells}) == 1]
    return _Shape(columns, screen, widths, inline, alike)


def _fitting(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int]:
    """The columns that have room next to each other."""
    kept = [at for at, column in enumerate(columns) if column.rank >= 0]

    def needed() -> int:
        last = kept[-1]
        spared = max(0, widths[last] - _LEAST) if columns[last].is_prose else 0
        return sum(widths[at] for at in kept) + len(_GAP) * (len(kept) - 1) - spared

    while len(kept) > 1 and needed() > room:
        kept.remove(min(kept[1:], key=lambda at: (columns[at].rank, -at)))
    return kept


class _Shape(Struct, frozen=True):
    """How every row of a table is laid out."""

    columns: Sequence[Column]
    screen: Screen
    widths: Sequence[int]
    inline: Sequence[int]
    """The columns of a row; the others are under it."""
    alike: Sequence[int] = ()
    """Of those, the ones with one value in all rows: it is said once, under the table."""

    def lines(self, row: Sequence[Cell], *, is_head: bool = False) -> Iterator[str]:
        name, *others = (row[at] for at in self.inline)
        if others and width(name.text) > self.widths[0]:
            yield self.screen.colour(*name)
            name = Cell("")
        yield from self._beside([name, *others])
        if not is_head:
            moved = [at for at in range(len(row)) if at not in (*self.inline, *self.alike)]
            yield from self._under([(self.columns[at].head.lower(), row[at]) for at in moved])

    def of_all(self, row: Sequence[Cell]) -> Iterator[str]:
        yield from self._under([(f"all: {self.columns[at].head.lower()}", row[at]) for at in self.alike])

    def _beside(self, cells: Sequence[Cell]) -> Iterator[str]:
        while len(cells) > 1 and not cells[-1].text:
            cells = cells[:-1]
        *before, last = cells
        start = sum(self.widths[at] + len(_GAP) for at in self.inline[: len(before)])
        line = "".join(
            self.screen.colour(*cell) + " " * (self.widths[at] - width(cell.text)) + _GAP
            for at, cell in zip(self.inline, before, strict=False)
        )
        is_prose = self.columns[self.inline[len(before)]].is_prose
        room = self.screen.width - start if self.screen.width and is_prose else None
        first, *rest = wrapped(last.text, room) if room else [last.text]
        yield (line + self.screen.colour(first, last.code)).rstrip()
        yield from (" " * start + self.screen.colour(more, last.code) for more in rest)

    def _under(self, items: Sequence[tuple[str, Cell]]) -> Iterator[str]:
        """`head text` for each that says something, as many on a line as fit."""
        room, line, used = (self.screen.width or 0) - len(_INDENT), "", 0
        for label, cell in items:
            if cell.text in _NOTHING:
                continue
            first, *rest = wrapped(cell.text, room, lead=" " * (len(label) + 1), hanging=_GAP)
            if line and (rest or used + len(_GAP) + width(first) > room):
                yield _INDENT + line
                line, used = "", 0
            line += (
                _GAP * bool(line) + f"{self.screen.colour(label, DIM)} {self.screen.colour(first.lstrip(), cell.code)}"
            )
            used += len(_GAP) * bool(used) + width(first)
            for more in rest:
                yield _INDENT + line
                line, used = self.screen.colour(more, cell.code), width(more)
        if line:
            yield _INDENT + line
