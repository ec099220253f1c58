"""A user's value inside a sentence: as YAML writes it, shortened, and without harmful characters."""

from __future__ import annotations

from collections.abc import Iterable

from edgegen.core.pattern import late_pattern

_LONGEST = 60
_USER_IN_URL = late_pattern(r"(://)[^/?#\s]*@")


def shown(value: object, longest: int = _LONGEST) -> str:
    """`true`, `null`, `80`, or the text itself: on one line, at most `longest` characters and an ellipsis."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = without_login(str(getattr(value, "text", value)))
    cut = text[:longest] + "…" * (len(text) > longest)
    if cut.isprintable():
        return cut
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in cut)


def first_few(words: Iterable[str], most: int = 4) -> str:
    """`a, b, c and 3 more`."""
    found = list(words)
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")


def without_login(text: str) -> str:
    """The text with `***` for a user and a password in a URL; the rest is not changed."""
    return _USER_IN_URL.sub(r"\1***@", text) if "://" in text and "@" in text else text
