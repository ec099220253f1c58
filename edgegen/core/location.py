"""A place in a file that a person can go to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from edgegen.core.show import shown
from edgegen.core.unshown import Guarded

Path = tuple[str | int, ...]
"""Keys and list indices from the top of a file to one value."""


class Location(Guarded, frozen=True):
    """A place in a text file. `line` and `column` count from 1; 0 means "the file as a whole"."""

    unshown: ClassVar[frozenset[str]] = frozenset({"text"})

    file: str
    line: int = 0
    column: int = 0
    text: str = ""
    """The whole text of the file, if it was read: its line can be shown. It may have secrets in it, and two
    places are compared without it."""

    @property
    def _key(self) -> tuple[str, int, int]:
        return self.file, self.line, self.column

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Location) else NotImplemented

    def __lt__(self, other: Location) -> bool:
        return self._key < other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


def has(data: object, part: str | int) -> bool:
    """Whether plain data has a key, or an item of a list at this index."""
    if isinstance(data, Mapping):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def path_text(path: Path) -> str:
    """`("services", "web", "ports", 0)` as a person reads it: `services.web.ports[0]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if part.isprintable() else shown(part)
            text += f".{name}" if text else name
    return text
