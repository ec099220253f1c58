"""What else is in the line of a finding: other values of a flow collection and a comment may be secret. So may be the
value that it is about, where its name says so or it is a container's variable. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edgegen.cli.report.excerpt import Parts
from edgegen.cli.report.private import is_inside, spans
from edgegen.cli.report.values import Scalar, Span, comment_of, depth_before, is_harmless, is_short, masked, scalars
from edgegen.core.secret import MASK

_LABEL = "traefik."
_OF_TRAEFIK = (_LABEL, "--", "TRAEFIK_")
_COMMANDS = ("command", "entrypoint")
_SECRET = re.compile(
    r"(?:^|[._-])(?:eab|plugins?|basicauth|digestauth|headers[._]custom\w*|custom\w*headers?)(?:[._]|$)"
    r"|passw|secret|token|key",
    re.IGNORECASE,
)
"""Options of Traefik with secret values, and what people write instead of them."""


def without_neighbours(parts: Parts, *, lines: Sequence[str], line: int) -> Parts:
    """The line, and of what the finding is not about only keys, labels of Traefik and harmless values."""
    before, word, _ = parts
    text, start, end = "".join(parts), len(before), len(before + word)
    are_variables = 0 < line <= len(lines) and is_inside(lines, line)
    hidden = sorted(_hidden(text, (start, end), depth_before(lines, line), are_variables=are_variables))
    if around := next((span for span in hidden if span[0] <= start < span[1]), None):
        start, end = around
        word = MASK
    end = min([end, *(first for first, _ in hidden if first > start)]) if word != MASK else end
    word = word if word == MASK else text[start:end]
    return masked(text, 0, start, hidden), word, masked(text, end, len(text), hidden)


def _hidden(text: str, marked: Span, depth: int, *, are_variables: bool) -> Iterator[Span]:
    start, end = marked
    variables = list(spans(text))
    for item in scalars(text, depth):
        is_meant = item.start < end and start < item.end
        name, value = _named(text, item)
        if item.is_key:
            continue
        says_much = value != item.end and not is_short(text[value : item.end])
        is_of_traefik = name.startswith(_OF_TRAEFIK)
        if is_of_traefik:
            is_secret = bool(_SECRET.search(name)) and not name.lower().endswith("file")
        else:
            is_secret = are_variables or any(first <= item.start < last for first, last in variables)
        if is_secret and says_much:
            yield value, item.end
        elif is_of_traefik and not says_much:
            continue
        elif item.in_flow and not is_meant and not _is_known(text, item):
            yield item.start, item.end
    comment = comment_of(text)
    if start < comment < len(text) - 1:
        yield comment + 1 + text[comment + 1 :].startswith(" "), len(text)


def _named(text: str, item: Scalar) -> tuple[str, int]:
    """What it is the value of, and where that value begins: also of `NAME=VALUE` in a list, and of a command's flag."""
    name, sign, _ = text[item.start : item.end].partition("=")
    is_of_key = text[: item.start].rstrip().endswith(":") and item.key not in _COMMANDS  # `=` is a part of its value
    if sign and not is_of_key and not item.key.startswith(_OF_TRAEFIK):
        return name.strip("\"'"), item.start + len(name) + 1
    return item.key, item.start


def _is_known(text: str, item: Scalar) -> bool:
    return is_harmless(text, item) or any(
        part.strip("\"'").startswith(_LABEL) for part in (item.key, text[item.start :])
    )
