"""The line of a file that a finding is about, with a mark under the place. Secrets in it are `***`. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from edgegen.cli.console import printable
from edgegen.core.redact import redacted_line

_WORD = re.compile(r"[\"']?[^\s=,\]}\"']+[\"']?")
_LINE_END = re.compile(r"\r\n|\n|\r")
LONGEST = 100
"""Columns of a line that are shown; of a longer one, those around the place."""
_BEFORE = 40


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line as it is shown, and where the mark is."""

    text: str
    column: int
    """Columns before the mark."""
    width: int


def lines_of(text: str) -> list[str]:
    """The lines of a file, as an editor counts them."""
    return _LINE_END.split(text)


def excerpt(lines: list[str], line: int, column: int) -> Excerpt | None:
    """The line, and its word at the column; None where there is none."""
    if not 0 < line <= len(lines):
        return None
    text = lines[line - 1].replace("\t", " ")
    start = min(max(column - 1, 0), len(text))
    found = _WORD.match(text, start)
    end = max(found.end() if found else start + 1, start + 1)
    # In three parts, each without its secrets: the mark stays where it belongs.
    whole = redacted_line(text)
    if whole == text:
        return _cut(text[:start], text[start:end], text[end:])
    head = _common(text, whole, start)
    return _cut(whole[:head], whole[head : head + 1], whole[head + 1 :]) if head < start else _marked(whole, start)


def _common(text: str, whole: str, start: int) -> int:
    """How far both are equal, at most up to `start`."""
    return next((at for at in range(min(start, len(whole))) if text[at] != whole[at]), min(start, len(whole)))


def _marked(whole: str, start: int) -> Excerpt:
    found = _WORD.match(whole, start)
    end = max(found.end() if found else start + 1, start + 1)
    return _cut(whole[:start], whole[start:end], whole[end:])


def _cut(before: str, word: str, after: str) -> Excerpt:
    before, word, after = printable(before), printable(word), printable(after)
    if len(before) + len(word) + len(after) > LONGEST:
        if len(before) > _BEFORE:
            indent = len(before) - len(before.lstrip())
            before = "…" + before[-(_BEFORE - 1) :] if indent < len(before) else before[-_BEFORE:]
        room = max(LONGEST - len(before), 20)
        word, after = (word[: room - 1] + "…", "") if len(word) > room else (word, after)
        rest = max(room - len(word), 0)
        after = after[: max(rest - 1, 0)] + "…" if len(after) > rest else after
    return Excerpt(f"{before}{word}{after}".rstrip(), _width(before), max(_width(word), 1))


def _width(text: str) -> int:
    """Columns on a terminal."""
    return sum(0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF") for char in text)
