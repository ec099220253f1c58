"""`# edgegen: ignore[EL012, EL013] reason`: on the line of a finding, on its own line above it, or at a file's top."""

from __future__ import annotations

import re

from msgspec import Struct

from edgegen.core.lines import lines_of
from edgegen.core.pattern import late_pattern

_COMMENT = late_pattern(r"(?:^|(?<=\s))#\s*edgegen:\s*ignore\[([^\]\r\n]*)\]\s*([^\r\n]*)", re.IGNORECASE)
_EMPTY = late_pattern(r"\s*(?:#.*|---.*|%.*)?\Z", re.DOTALL)


class Ignore(Struct, frozen=True):
    """One comment. `applies`: the line whose findings it suppresses; 0 for all of the file."""

    line: int
    column: int
    applies: int
    ids: tuple[str, ...]
    reason: str


def ignores(text: str) -> list[Ignore]:
    """The comments of a file, in their order."""
    if "edgegen:" not in text:
        return []
    lines = lines_of(text)
    first = next((at for at, line in enumerate(lines) if not _EMPTY.match(line)), len(lines))
    found = []
    for at, line in enumerate(lines):
        for match in _COMMENT.finditer(line):
            ids = tuple(word for word in re.split(r"[\s,]+", match[1]) if word)
            applies = 0 if at < first else at + 1 if line[: match.start()].strip() else _next(lines, at) + 1
            found.append(Ignore(at + 1, match.start() + 1, applies, ids, match[2].strip()))
    return found


def _next(lines: list[str], at: int) -> int:
    """The next line that has something on it."""
    return next((below for below in range(at + 1, len(lines)) if not _EMPTY.match(lines[below])), at)
