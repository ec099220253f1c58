"""A word after a number. Pure."""

from __future__ import annotations


def plural(number: int, word: str) -> str:
    """`host` after 1, `hosts` after any other number."""
    return word if number == 1 else f"{word}s"
