"""Text of other programs, made harmless for a terminal."""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\n\t")


def printable(text: str) -> str:
    """`text` with control, bidi and other invisible format characters written as escapes. Line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape", "backslashreplace").decode("ascii") if _is_harmful(char) else char
        for char in text
    )


def tail(text: str, lines: int) -> str:
    """The last `lines` lines that are not blank, harmless to print."""
    return printable("\n".join([line.rstrip() for line in text.splitlines() if line.strip()][-lines:]))


def _is_harmful(char: str) -> bool:
    return char not in _KEPT and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
