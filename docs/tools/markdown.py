"""Text of the program as Markdown: only its code spans mean something."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPANS = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MEANS = re.compile(r"[\\*_{}\[\]#<>|&]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
"""What Markdown has no backslash for."""


def prose(text: str) -> str:
    """A text whose only markup is code spans. Everything else is shown as it is."""
    parts, end = [], 0
    for span in _SPANS.finditer(text):
        parts += [_escaped(text[end : span.start()]), span.group()]
        end = span.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return _MEANS.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), text)


def code(text: str) -> str:
    """A code span, whatever is in it."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; line breaks in a cell are spaces."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *(map(_cell, row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """A pipe in a code span does not end a cell, and a backslash there would be shown."""
    return " ".join(text.split())


def block(language: str, text: str) -> str:
    """A fenced block."""
    return f"```{language}\n{text.rstrip()}\n```\n"
