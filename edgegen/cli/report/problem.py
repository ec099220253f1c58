"""What is under the sentence of a problem of a file: its line with a mark under the place, and what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace

from edgegen.cli.console import printable
from edgegen.cli.report.excerpt import LONGEST, Excerpt, Parts, drawn, excerpt
from edgegen.cli.report.private import NAMES, is_inside, spans
from edgegen.cli.report.values import HARMLESS, Scalar, Span, comment_of, depth_before, is_harmless, masked, scalars
from edgegen.cli.screen import Colour
from edgegen.core.columns import WIDEST, sentence
from edgegen.core.errors import Problem
from edgegen.core.lines import lines_of
from edgegen.core.location import Location
from edgegen.core.secret import MASK

MARK = "31;1"
_PRIVATE = re.compile(rf"(?:^|\.){NAMES}(?:[.\[]|$)|^(?:environments\.[^.]+\.)?secrets[.\[]")
"""Paths of a spec whose values may be secret, whatever they are called."""
_VALUE = re.compile(r"[\[{]|[:=]\s*(?=[^\s\[{]|$)")
"""Where, before the place, values begin."""
_BRACKETS = ("[", "{")
_FREE = re.compile(
    r"(?:^|\.)(?:command|entrypoint|healthcheck|[a-z_]*labels(?!\.traefik\.)|annotations|extra|content|logging|build|configs"
    r"|[\w-]*(?:secret|passw|token|key)[\w-]*)(?=[.\[]|$)"
)
"""Paths of a spec whose values are texts of the user's."""


def under(problem: Problem, where: Location, colour: Colour, width: int | None) -> Iterator[str]:
    """The lines under its sentence. `width`: columns of the terminal, None for programs."""
    pad = ""
    if shown := _excerpt(problem, where, width):
        pad = " " * (len(str(where.line)) + 1)
        yield from drawn(where.line, shown, colour, MARK)
    if problem.hint:
        hint, *block = printable(problem.hint[:1].upper() + problem.hint[1:]).split("\n")
        yield from sentence(hint, width, lead=f"{pad}= ", hanging=f"{pad}  ")
        yield from (f"{pad}  {line}" for line in block)  # to copy: its indentation means something


def _excerpt(problem: Problem, where: Location, width: int | None) -> Excerpt | None:
    gutter = len(str(where.line)) + len(" | ")
    longest = LONGEST if width is None else min(WIDEST, width) - gutter
    lines = lines_of(where.text)
    depth = depth_before(lines, where.line)
    of_text = _is_free if problem.path else _is_unknown

    def without_neighbours(parts: Parts) -> Parts:
        return _without(parts, list(_hidden(parts, depth, lambda item: of_text(problem.path, "".join(parts), item))))

    hide = _without_values if _is_private(problem.path, lines, where.line) else without_neighbours
    return excerpt(lines, where.line, where.column, hide=hide, longest=longest)


def _is_private(path: str, lines: list[str], line: int) -> bool:
    """A problem without a path is one of YAML itself: then the lines above tell."""
    return bool(_PRIVATE.search(path)) if path else 0 < line <= len(lines) and is_inside(lines, line)


def _is_free(path: str, _text: str, _item: Scalar) -> bool:
    return path.endswith(MASK) or bool(_FREE.search(path))


def _is_unknown(_path: str, text: str, item: Scalar) -> bool:
    """Of broken YAML: whose value it is can only be seen in the line itself."""
    first = text[item.start : item.end].partition(" ")[0]
    return not is_harmless(text, item) and not (item.key == "" and first in HARMLESS)


def _hidden(parts: Parts, depth: int, may_be_secret: Callable[[Scalar], bool]) -> Iterator[Span]:
    """What is not shown of a line: values that nothing is said about, and the comment."""
    text, place = "".join(parts), len(parts[0])
    private = list(spans(text))
    yield from private
    for item in map(partial(_value_of, text), scalars(text, depth)):
        is_meant = item.start <= place < item.end
        is_kept = item.is_key or (not may_be_secret(item) if is_meant else is_harmless(text, item))
        if not is_kept and not any(first < item.end and item.start < last for first, last in private):
            yield item.start, item.end
    comment = comment_of(text)
    if comment + 1 < len(text) and not any(first <= comment < last for first, last in private):
        yield comment + 1 + text[comment + 1 :].startswith(" "), len(text)


def _value_of(text: str, item: Scalar) -> Scalar:
    """No key has a space: what is behind it is a value whose colon was left out."""
    words = text[item.start : item.end]
    gap = words.find(" ")
    if not item.is_key or gap < 0 or words[0] in "\"'":
        return item
    return replace(item, start=item.start + gap + 1, key=words[:gap], is_key=False)


def _without(parts: Parts, hidden: list[Span]) -> Parts:
    before, word, after = parts
    text, start, end = "".join(parts), len(before), len(before + word)
    hidden.sort()
    if around := next((span for span in hidden if span[0] <= start < span[1]), None):
        start, end = around
        return masked(text, 0, start, hidden), MASK, masked(text, end, len(text), hidden)
    end = min([end, *(first for first, _ in hidden if first > start)])
    word, after = _key_alone(text[start:end], masked(text, end, len(text), hidden))
    return masked(text, 0, start, hidden), word, after


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
