"""Where the parts of a file's second level are, noted while it is read: of a thousand services only one is read again.

A mistake in one of a thousand services would otherwise cost as much as reading all of them a second time.
"""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct, field

from edgegen.core.location import Path
from edgegen.spec.positions import Positions, Text, positions_of


class Outline(Struct):
    """The keys of the first two levels, in the order of the file."""

    keys: list[tuple[int, str, int]] = field(default_factory=list)
    """Level (1 or 2), name, and index of the first character."""
    flows: set[int] = field(default_factory=set)
    """Those of the first level whose value is in flow style (`{a: b}`), by their number in `keys`."""
    is_linked: bool = False
    """It has aliases or merge keys, or is in flow style itself: its parts can't be read without the rest."""

    def parts(self, text: Text) -> dict[Path, Span]:
        """The parts that can be read without the rest."""
        if self.is_linked:
            return {}
        found: dict[Path, Span] = {}
        top, is_block = "", True
        ends = [index for _, _, index in self.keys[1:]] + [len(text.characters)]
        for number, ((level, name, start), end) in enumerate(zip(self.keys, ends, strict=False)):
            if level == 1:
                top, is_block = name, number not in self.flows
            elif is_block:
                found[top, name] = Span(start, end)
        return found


class Span(Struct, frozen=True):
    """From the first character of a key to that of the next one."""

    start: int
    end: int

    def positions(self, text: Text) -> Positions | None:
        """The places in it, below its own key; None where it can't be read without the rest."""
        line = text.line_start(self.start)
        indent = text.characters[line : self.start]
        if indent.strip(" "):  # `? key`, or `- ` before it
            return None
        return positions_of(text.characters[line : self.end].encode(), offset=line)


class Places:
    """The places of a text, of which only the asked-for parts are read again."""

    def __init__(self, text: Text, outline: Outline) -> None:
        self._text = text
        self._parts = outline.parts(text)
        self._read: dict[Path, Positions | None] = {}

    def index(self, path: Path, *, key: bool = False) -> int:
        """As `Positions.index` has it."""
        part = self._positions(path[:2])
        return part.index(path[1:], key=key) if part else self._whole.index(path, key=key)

    def _positions(self, path: Path) -> Positions | None:
        if path not in self._read:
            span = self._parts.get(path)
            self._read[path] = span.positions(self._text) if span else None
        return self._read[path]

    @cached_property
    def _whole(self) -> Positions:
        return Positions(self._text.data)
