"""Which values of a spec's line may be secret, whatever they are called: those of variables, headers, users. Pure.

A line that is not YAML has no path, so only its text is looked at. Where that leaves a doubt, the value is hidden.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

NAMES = r"(?:environment|args|users|eab|[a-z_]*headers)"
_LIKE = r"(?:env(?!ironments)[a-z_]*|vars|variables|[a-z_]*args|users|eab|secrets|[a-z_]*headers)"
"""The same names as people misspell them, or know them from elsewhere."""
_VALUE = re.compile(rf"(?<![\w.]){_LIKE}[\"']?\s*:\s*(?:[&!]\S*\s+)*(?=[^\s#])")
_OPENS = re.compile(rf"\s*(?:-\s+)*[\"']?{_LIKE}[\"']?\s*:\s*(?:#.*)?")
_FLOW_END = re.compile(r"[,\]}]|$")
_CLOSES = {"[": "]", "{": "}"}


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where such values are in a line."""
    at = 0
    while found := _VALUE.search(text, at):
        at = max(_end(text, found.end()), found.end() + 1)
        yield found.end(), at


def is_inside(lines: Sequence[str], line: int) -> bool:
    """Whether a line is below such a key, or fits nothing above it: its indentation may be what is wrong."""
    above, depth = list(_open_at(lines, line)), _depth(lines[line - 1])
    inside = any(depth > deep for deep, is_such in above if is_such)
    return inside or (any(is_such for _, is_such in above) and depth not in [deep for deep, _ in above])


def _open_at(lines: Sequence[str], line: int) -> Iterator[tuple[float, bool]]:
    """The line above and the keys that it is below, the deepest first: how deep each is, and whether it is such."""
    least = math.inf
    for text in reversed(lines[: line - 1]):
        if _says(text) and _depth(text) < least:
            least = _depth(text)
            yield least, _opens(text)


def _says(text: str) -> bool:
    return bool(text.strip()) and not text.lstrip().startswith("#")


def _depth(text: str) -> float:
    """Columns before its key. A list's item is deeper than a key in the same column, which may be the list's."""
    wide = text.expandtabs()
    indent = len(wide) - len(wide.lstrip())
    return indent + 0.5 if wide[indent:].startswith("-") else indent


def _opens(text: str) -> bool:
    """Whether what follows in the next lines belongs to such a key."""
    return bool(_OPENS.fullmatch(text)) or any(end == len(text) for _, end in spans(text))


def _end(text: str, start: int) -> int:
    """Where the value that begins at `start` ends."""
    first = text[start]
    if first in _CLOSES:
        return _end_of_brackets(text, start)
    if first in "\"'":
        return end_of_quotes(text, start)
    if not any(bracket in text[:start] for bracket in _CLOSES):
        return len(text)
    found = _FLOW_END.search(text, start)
    return found.start() if found else len(text)


def _end_of_brackets(text: str, start: int) -> int:
    depth, at, before = 0, start, ","
    while at < len(text):
        character = text[at]
        if character in "\"'" and before in ",:[{":
            at = end_of_quotes(text, at)
            before = character
            continue
        depth += (character in _CLOSES) - (character in _CLOSES.values())
        at += 1
        if not depth:
            return at
        before = before if character.isspace() else character
    return len(text)


def end_of_quotes(text: str, start: int) -> int:
    """Where a quoted text ends."""
    quote, at = text[start], start + 1
    while at < len(text):
        if text[at] == "\\" and quote == '"':
            at += 1
        elif text[at] == quote:
            return at + 1
        at += 1
    return len(text)
