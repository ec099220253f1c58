"""Where each part of a TOML text is. For texts that `tomllib` takes: it judges, and this only finds.

`tomllib` reports no places and tomlkit has none for its items, so the keys are searched for again, on demand.
"""

from __future__ import annotations

import re
from functools import cached_property

from edgegen.core.location import Path
from edgegen.core.pattern import late_pattern

_SPACE = late_pattern(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = late_pattern(r"[A-Za-z0-9_-]+")
_STRINGS = (
    late_pattern(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    late_pattern(r"'''.*?'{3,5}", re.DOTALL),
    late_pattern(r'"(?:[^"\\]|\\.)*"'),
    late_pattern(r"'[^']*'"),
)
_SCALAR = late_pattern(r"[^,\]}\n#]*")


class TomlPlaces:
    """Path -> the index of its value, or of its key."""

    def __init__(self, text: str) -> None:
        self._text = text

    def index(self, path: Path, *, key: bool = False) -> int:
        """The index of the character where the value at `path` (or its key) starts; else its nearest parent's."""
        for length in range(len(path), 0, -1):
            if found := self._found.get(path[:length]):
                return found[0 if key or length < len(path) else 1]
        return 0

    @cached_property
    def _found(self) -> dict[Path, tuple[int, int]]:
        scan = _Scan(self._text)
        scan.whole()
        return scan.found


class _Scan:
    """One pass over the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, tuple[int, int]] = {}
        self._counts: dict[Path, int] = {}

    def whole(self) -> None:
        table: Path = ()
        self._space()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._space()

    def _header(self) -> Path:
        start = self.at
        repeated = self.text.startswith("[[", start)
        self.at += 2 if repeated else 1
        words = self._words()
        self.at += 2 if repeated else 1
        path: Path = ()
        for place, word in words[:-1]:
            path = self._inside((*path, word), place)
        place, last = words[-1]
        path = (*path, last)
        self.found.setdefault(path, (place, start))
        if repeated:
            self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, self._counts[path])
            self.found[path] = (place, start)
        return path

    def _inside(self, path: Path, place: int) -> Path:
        """Below a list of tables, a name means its last table."""
        self.found.setdefault(path, (place, place))
        return (*path, self._counts[path]) if path in self._counts else path

    def _pair(self, table: Path) -> None:
        words = self._words()
        path = table
        for place, word in words[:-1]:
            path = (*path, word)
            self.found.setdefault(path, (place, place))
        place, last = words[-1]
        self.at += 1  # the equals sign
        self._space()
        self._value((*path, last), place)

    def _words(self) -> list[tuple[int, str]]:
        """The parts of a dotted key, each with its place. Ends before `=` or `]`."""
        from tomllib import loads

        found = []
        while True:
            self._space()
            start = self.at
            pattern = _BARE if self.text[start] not in "\"'" else _STRINGS[2 if self.text[start] == '"' else 3]
            word = self._match(pattern)
            found.append((start, word if pattern is _BARE else str(loads(f"x={word}")["x"])))
            self._space()
            if self.text[self.at] != ".":
                return found
            self.at += 1

    def _value(self, path: Path, key: int) -> None:
        start = self.at
        self.found[path] = (key, start)
        match self.text[start]:
            case "[":
                self._list(path)
            case "{":
                self._table(path)
            case '"' | "'":
                self._string()
            case _:
                self._match(_SCALAR)

    def _list(self, path: Path) -> None:
        self.at += 1
        self._space()
        index = 0
        while self.text[self.at] != "]":
            self._value((*path, index), self.at)
            index += 1
            self._comma()
        self.at += 1

    def _table(self, path: Path) -> None:
        self.at += 1
        self._space()
        while self.text[self.at] != "}":
            self._pair(path)
            self._comma()
        self.at += 1

    def _comma(self) -> None:
        self._space()
        if self.text[self.at] == ",":
            self.at += 1
            self._space()

    def _string(self) -> None:
        quote = self.text[self.at]
        single = self.text[self.at : self.at + 3] != quote * 3
        self._match(_STRINGS[(2 if single else 0) + (quote == "'")])

    def _space(self) -> None:
        self._match(_SPACE)

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"this TOML has something unexpected at {self.at}")
        self.at = found.end()
        return found.group()
