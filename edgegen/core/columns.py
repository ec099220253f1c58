"""Text in the columns of a terminal: how wide it is, and where it is broken. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import accumulate

from edgegen.core.pattern import late_pattern

NARROWEST = 40
"""Columns: text for less room would be a word on each line."""
PROSE = 100
"""Columns: sentences on longer lines are harder to read."""
WIDEST = 140
"""Columns of a file's line that is shown on a wide terminal."""
_WORD = late_pattern(r"( *)(\S+)")
_PIECE = late_pattern(r"( *)([^\s`]*`[^`]*`\S*|\S+)")
"""A word with the blanks before it. A command in backticks is one word: half of it is of no use to copy."""


def width(text: str) -> int:
    """Columns that a terminal needs for it."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def beginning(text: str, room: int) -> str:
    """As much of it as fits."""
    for at, used in enumerate(accumulate(map(_columns, text))):
        if used > room:
            return text[:at]
    return text


def wrapped(text: str, room: int | None, *, lead: str = "", hanging: str = "", fold: bool = False) -> list[str]:
    """Its lines of at most `room` columns: `lead` before the first, `hanging` before the others. None: one line.

    Line ends and tabs become spaces. A word that is longer than a line is not cut, so that it can be copied from the
    terminal as a whole, unless `fold` allows it.
    """
    text = text.replace("\n", " ").replace("\t", " ").strip()
    if room is None:
        return [lead + text]
    lines, line, used, is_blank = [], lead, width(lead), not lead.strip()
    for blanks, word in _words(text, room - width(hanging), fold=fold):
        size = width(word)
        if not is_blank and used + len(blanks) + size > room:
            lines.append(line.rstrip())
            line, used, is_blank = hanging, width(hanging), True
        gap = "" if is_blank else blanks
        line, used, is_blank = f"{line}{gap}{word}", used + len(gap) + size, False
    return [*lines, line.rstrip()]


def sentence(text: str, room: int | None, *, lead: str = "", hanging: str = "") -> list[str]:
    """On one line if it fits, otherwise on lines that are not too long to read."""
    whole = wrapped(text, room, lead=lead, hanging=hanging)
    if len(whole) == 1 or room is None:
        return whole
    return wrapped(text, min(room, PROSE), lead=lead, hanging=hanging)


def _words(text: str, room: int, *, fold: bool) -> Iterator[tuple[str, str]]:
    """Each with the blanks before it."""
    for blanks, piece in _PIECE.findall(text):
        if width(piece) <= room:
            yield blanks, piece
        elif " " in piece:  # a command that is longer than a line
            yield from ((gap or blanks, word) for gap, word in _WORD.findall(piece))
        elif fold:
            yield from _folded(blanks, piece, room)
        else:
            yield blanks, piece


def _folded(blanks: str, word: str, room: int) -> Iterator[tuple[str, str]]:
    start, used = 0, 0
    for at, char in enumerate(word):
        if used + _columns(char) > room:
            yield blanks, word[start:at]
            blanks, start, used = "", at, 0
        used += _columns(char)
    yield blanks, word[start:]
