"""The line of a file that something is wrong with, and a mark under the place. Secrets in it are `***`. Pure.

Both `lint` and the errors of a spec show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from edgegen.cli.console import printable
from edgegen.cli.screen import DIM, Colour
from edgegen.core.columns import beginning, width
from edgegen.core.redact import redacted_line

_WORD = re.compile(r"[\"']?[^\s=,\]}\"']+[\"']?")
LONGEST = 100
"""Columns of a line that are shown; of a longer one, those around the place."""
_BEFORE = 40
_LEAST = 30
Parts = tuple[str, str, str]
"""A line before the place, its word there, and the rest."""


class Excerpt(Struct, frozen=True):
    """A line as it is shown, and where the mark is."""

    text: str
    column: int
    """Columns before the mark."""
    width: int


def excerpt(
    lines: list[str],
    line: int,
    column: int,
    *,
    hide: Callable[[Parts], Parts] = lambda parts: parts,
    longest: int = LONGEST,
) -> Excerpt | None:
    """The line, and its word at the column; None where there is none. `hide` takes out what only the caller knows to
    be secret."""
    if not 0 < line <= len(lines):
        return None
    text = lines[line - 1].replace("\t", " ")
    start = min(max(column - 1, 0), len(text))
    before, word, after = hide(_parted(text, start))
    text, start = before + word + after, len(before)
    # In three parts, each without its secrets: the mark stays where it belongs.
    whole = redacted_line(text)
    if whole == text:
        return _cut(before, word, after, longest)
    head = _common(text, whole, start)
    if head < start:
        return _cut(whole[:head], whole[head : head + 1], whole[head + 1 :], longest)
    return _cut(*_parted(whole, start), longest)


def drawn(line: int, shown: Excerpt, colour: Colour, mark: str) -> Iterator[str]:
    """The line under its number, and the mark below it."""
    pad, bar = " " * len(str(line)), colour("|", DIM)
    yield f"{pad} {bar}"
    yield f"{colour(str(line), DIM)} {bar} {shown.text}"
    yield f"{pad} {bar} {' ' * shown.column}{colour('^' * shown.width, mark)}"


def _common(text: str, whole: str, start: int) -> int:
    """How far both are equal, at most up to `start`."""
    return next((at for at in range(min(start, len(whole))) if text[at] != whole[at]), min(start, len(whole)))


def _parted(text: str, start: int) -> Parts:
    found = _WORD.match(text, start)
    end = max(found.end() if found else start + 1, start + 1)
    return text[:start], text[start:end], text[end:]


def _cut(before: str, word: str, after: str, longest: int) -> Excerpt:
    before, word, after = printable(before), printable(word), printable(after)
    longest = max(longest, _LEAST)
    if width(before) + width(word) + width(after) > longest:
        most = min(_BEFORE, longest // 2)
        if width(before) > most:
            indent = len(before) - len(before.lstrip())
            before = "…" + _end(before, most - 1) if indent < len(before) else _end(before, most)
        room = max(longest - width(before), _LEAST // 2)
        word, after = (beginning(word, room - 1) + "…", "") if width(word) > room else (word, after)
        rest = max(room - width(word), 0)
        after = f"{beginning(after, max(rest - 1, 0))}…"[:rest] if width(after) > rest else after
    return Excerpt(f"{before}{word}{after}".rstrip(), width(before), max(width(word), 1))


def _end(text: str, room: int) -> str:
    return beginning(text[::-1], room)[::-1]
