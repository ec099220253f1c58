"""A URL in Bash's completion: Bash takes `https://www` for the three words `https`, `:` and `//www`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Line(Struct, frozen=True):
    """The words before the one to complete, that word, and its beginning that Bash keeps as it is."""

    before: list[str]
    word: str
    kept: str = ""


def line_of(before: Sequence[str], word: str) -> Line:
    """What Bash asks for, with each URL in one piece."""
    joined: list[str] = []
    kept = ""
    for piece in (*before, word):
        kept = joined[-1] if joined and _belong_together(joined[-1], piece) else ""
        joined[-1:] = [kept + piece] if kept else [*joined[-1:], piece]
    return Line(joined[:-1], joined[-1], kept)


def _belong_together(left: str, right: str) -> bool:
    if right == ":":
        return left in ("http", "https")
    return left in ("http:", "https:") and right.startswith("//")
