"""A place in a file that a person can go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from edgegen.core.show import shown

Path = tuple[str | int, ...]
"""Keys and list indices from the top of a file to one value."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a text file. `line` and `column` count from 1; 0 means "the file as a whole"."""

    file: str
    line: int = 0
    column: int = 0
    text: str = field(default="", compare=False, repr=False)
    """The whole text of the file, if it was read: its line can be shown. It may have secrets in it."""

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
