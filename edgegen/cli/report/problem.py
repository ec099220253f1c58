"""What is under the sentence of a problem of a file: its line with a mark under the place, and what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.cli.console import printable
from edgegen.cli.report.excerpt import LONGEST, Excerpt, Parts, drawn, excerpt, lines_of
from edgegen.cli.screen import Colour
from edgegen.core.columns import wrapped
from edgegen.core.errors import Problem
from edgegen.core.location import Location
from edgegen.core.secret import MASK

MARK = "31;1"
_NAMES = r"(?:environment|args|users|eab|[a-z_]*headers)"
_PRIVATE = re.compile(rf"(?:^|\.){_NAMES}(?:[.\[]|$)|^(?:environments\.[^.]+\.)?secrets[.\[]")
"""Paths of a spec whose values may be secret, whatever they are called."""
_INLINE = re.compile(rf"\b({_NAMES}\s*:\s*)[\[{{][^\]}}]*[\]}}]*")
"""Such values in the same line as what is wrong."""
_BRACKET = re.compile(r"[\[{]")


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
    hide = _without_values if _PRIVATE.search(problem.path) else _without_neighbours
    return excerpt(lines_of(where.text), where.line, where.column, hide=hide, longest=longest)


def _without_neighbours(parts: Parts) -> Parts:
    before, word, after = _key_alone(parts)
    return _INLINE.sub(rf"\1{MASK}", before), word, _INLINE.sub(rf"\1{MASK}", after)


def _without_values(parts: Parts) -> Parts:
    """Only the key: its value, and the other keys and values in its brackets, may be secret."""
    before, word, after = parts
    if found := _BRACKET.search(before):
        before = f"{before[: found.end()]}… "
    if word.endswith(":"):
        return before, word[:-1], f": {MASK}" if after.strip() else ":"
    return before, MASK, ""


def _key_alone(parts: Parts) -> Parts:
    """The mark is under the key, not under its colon."""
    before, word, after = parts
    return (before, word[:-1], f":{after}") if word.endswith(":") and len(word) > 1 else parts
