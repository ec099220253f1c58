"""Where each part of a YAML text is. Built only on demand: a valid file never pays for it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import Struct

from edgegen.core.lines import line_starts
from edgegen.core.location import Location, Path
from edgegen.core.pattern import late_pattern, late_patterns

with late_patterns():
    import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_SURROGATE = late_pattern("[\ud800-\udfff]")
_UNPRINTABLE = late_pattern("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parser(data: bytes) -> Any:
    """libyaml's event parser, or PyYAML's own (ten times slower) where libyaml is not built in."""
    if yaml.__with_libyaml__:
        from yaml._yaml import CParser

        return CParser(data)
    return _PurePython(data)


class _PurePython(yaml.SafeLoader):
    """PyYAML's parser, which takes escapes for halves of surrogate pairs; libyaml does not."""

    def get_event(self) -> Any:
        event: Any = super().get_event()  # type: ignore[no-untyped-call]
        kind = type(event)
        if kind is ScalarEvent and _SURROGATE.search(event.value):
            raise MarkedYAMLError(problem="found invalid Unicode character escape code", problem_mark=event.start_mark)
        return event


class Text(Struct, frozen=True, eq=False, dict=True):
    """The bytes of a file (UTF-8, without a byte order mark) and its name."""

    data: bytes
    filename: str

    def location(self, index: int) -> Location:
        """The place of the character at `index`. Lines end as in an editor: with LF, CRLF or CR."""
        line = bisect_right(self._line_starts, index) - 1
        return Location(self.filename, line + 1, index - self._line_starts[line] + 1, self._text)

    def line_start(self, index: int) -> int:
        """Where the line of the character at `index` begins."""
        return self._line_starts[bisect_right(self._line_starts, index) - 1]

    def character(self, index: int) -> str:
        """The character at `index`, or "" at the end."""
        return self._text[index : index + 1]

    def unprintable(self) -> tuple[int, int] | None:
        """Index and code point of the first character that YAML does not allow, if there is one."""
        found = _UNPRINTABLE.search(self._text)
        return (found.start(), ord(found[0])) if found else None

    @property
    def characters(self) -> str:
        """All of them."""
        return self._text

    @cached_property
    def _text(self) -> str:
        return self.data.decode("utf-8")

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self._text)


class Place(NamedTuple):
    """One value: where its key and it itself start (character indices), and what it holds."""

    key: int
    value: int
    children: dict[str | int, Place]


class Positions:
    """The tree of places of a text that was read without an error. Where it is a part of one, it begins at `offset`."""

    def __init__(self, data: bytes, offset: int = 0) -> None:
        self._get = parser(data).get_event
        self._anchors: dict[str, Place] = {}
        self._get()
        self._get()
        self._root = self._place(self._get())
        self._offset = offset

    def index(self, path: Path, *, key: bool = False) -> int:
        """The index of the value at `path` (or its key), or of its nearest parent that exists."""
        place = self._root
        for part in path:
            child = place.children.get(part)
            if child is None:
                break
            place = child
        return self._offset + (place.key if key else place.value)

    def _place(self, event: Any, key: int | None = None) -> Place:
        start = event.start_mark.index
        kind = type(event)
        if kind is AliasEvent:
            target = self._anchors.get(event.anchor)
            return Place(start if key is None else key, start, target.children if target else {})
        place = Place(start if key is None else key, start, {})
        if event.anchor is not None:
            self._anchors[event.anchor] = place
        if kind is MappingStartEvent:
            self._mapping(place.children)
        elif kind is SequenceStartEvent:
            self._sequence(place.children)
        return place

    def _sequence(self, children: dict[str | int, Place]) -> None:
        get = self._get
        while type(event := get()) is not SequenceEndEvent:
            children[len(children)] = self._place(event)

    def _mapping(self, children: dict[str | int, Place]) -> None:
        get = self._get
        merged: list[Place] = []
        while type(event := get()) is not MappingEndEvent:
            at = event.start_mark.index
            if event.value == "<<" and event.implicit[0]:
                merged.append(self._place(get(), at))
                continue
            value = get()
            kind = type(value)
            if kind is ScalarEvent and value.anchor is None:
                children[event.value] = Place(at, value.start_mark.index, {})
            else:
                children[event.value] = self._place(value, at)
        for part in merged:
            self._take_over(part, children)

    def _take_over(self, part: Place, children: dict[str | int, Place]) -> None:
        for name, place in part.children.items():
            if isinstance(name, int):
                self._take_over(place, children)
            else:
                children.setdefault(name, place)


def positions_of(part: bytes, offset: int) -> Positions | None:
    """The places of a part; None if it is not YAML without the rest of its text."""
    with suppress(YAMLError):
        return Positions(part, offset)
    return None


def first_keys(data: bytes, repeated: Collection[int]) -> dict[int, int]:
    """For each repeated key (by its index) the index of the same key's first place in its mapping."""
    get = parser(data).get_event
    waiting = set(repeated)
    found: dict[int, int] = {}
    levels: list[_Level] = []
    while waiting:
        event = get()
        kind = type(event)
        level = levels[-1] if levels else None
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            levels.pop()
        elif kind is ScalarEvent and level is not None and level.expects_key:
            at = event.start_mark.index
            first = level.keys.setdefault(event.value, at)
            if at in waiting:
                found[at] = first
                waiting.discard(at)
            level.key_is_next = False
        elif level is not None:
            level.key_is_next = True
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            levels.append(_Level(kind is MappingStartEvent))
    return found


class _Level:
    """A mapping or sequence that is open while `first_keys` walks."""

    __slots__ = ("is_mapping", "key_is_next", "keys")

    def __init__(self, is_mapping: bool) -> None:
        self.is_mapping = is_mapping
        self.key_is_next = True
        self.keys: dict[str, int] = {}

    @property
    def expects_key(self) -> bool:
        return self.is_mapping and self.key_is_next
