"""What is under the sentence of a problem of a file: its line with a mark under the place, and what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.cli.console import printable
from edgegen.cli.report.excerpt import LONGEST, Excerpt, Parts, drawn, excerpt, lines_of
from edgegen.cli.report.private import NAMES, is_inside, spans
from edgegen.cli.screen import Colour
from edgegen.core.columns import wrapped
from edgegen.core.errors import Problem
from edgegen.core.location import Location
from edgegen.core.secret import MASK

MARK = "31;1"
_PRIVATE = re.compile(rf"(?:^|\.){NAMES}(?:[.\[]|$)|^(?:environments\.[^.]+\.)?secrets[.\[]")
"""Paths of a spec whose values may be secret, whatever they are called."""
_VALUE = re.compile(r"[\[{]|[:=]\s*(?=[^\s\[{]|$)")
"""Where, before the place, values begin."""
_BRACKETS = ("[", "{")


def under(problem: Problem, where: Location, colour: Colour, width: int | None) -> Iterator[str]:
    """The lines under its sentence. `width`: columns of the terminal, None for programs."""
    pad = ""
    if shown := _excerpt(problem, where, width):
        pad = " " * (len(str(where.line)) + 1)
        yield from drawn(where.line, shown, colour, MARK)
    if problem.hint:
        hint, *block = printable(problem.hint[:1].upper() + problem.hint[1:]).split("\n")
        yield from wrapped(hint, width, lead=f"{pad}= ", hanging=f"{pad}  ")
        yield from (f"{pad}  {line}" for line in block)  # to copy: its indentation means something


def _excerpt(problem: Problem, where: Location, width: int | None) -> Excerpt | None:
    gutter = len(str(where.line)) + len(" | ")
    longest = LONGEST if width is None else min(LONGEST, width - gutter)
    lines = lines_of(where.text)
    hide = _without_values if _is_private(problem.path, lines, where.line) else _without_neighbours
    return excerpt(lines, where.line, where.column, hide=hide, longest=longest)


def _is_private(path: str, lines: list[str], line: int) -> bool:
    """A problem without a path is one of YAML itself: then the lines above tell."""
    return bool(_PRIVATE.search(path)) if path else 0 < line <= len(lines) and is_inside(lines, line)


def _without_neighbours(parts: Parts) -> Parts:
    before, word, after = parts
    text, start, end = "".join(parts), len(before), len(before + word)
    hidden = list(spans(text))
    if around := next((span for span in hidden if span[0] <= start < span[1]), None):
        start, end = around
        return _masked(text, 0, start, hidden), MASK, _masked(text, end, len(text), hidden)
    word, after = _key_alone(word, _masked(text, end, len(text), hidden))
    return _masked(text, 0, start, hidden), word, after


def _masked(text: str, start: int, end: int, hidden: list[tuple[int, int]]) -> str:
    """A part of the line, with `***` for the values that are in it."""
    shown, at = "", start
    for first, last in hidden:
        if start <= first < end:
            shown, at = f"{shown}{text[at:first]}{MASK}", last
    return shown + text[at:end]


def _without_values(parts: Parts) -> Parts:
    """Only the key: its value, and the other keys and values of the line, may be secret."""
    before, word, after = parts
    found = _VALUE.search(before)
    if found and (found[0] in _BRACKETS or before[found.end() :].strip()):
        before = f"{before[: found.end()]}… "
    elif found is None and before.strip(" -"):
        before = "… "
    if word.endswith(":") and len(word) > 1:
        return before, word[:-1], f": {MASK}" if after.strip() else ":"
    return before, MASK, ""


def _key_alone(word: str, after: str) -> tuple[str, str]:
    """The mark is under the key, not under its colon."""
    return (word[:-1], f":{after}") if word.endswith(":") and len(word) > 1 else (word, after)
