"""Slips of the pen: words that differ by one letter. Pure."""

from __future__ import annotations

_SHORTEST = 5
"""Of shorter words many are one letter apart by chance."""


def is_slip(word: str, meant: str) -> bool:
    """Whether one letter more, less, other, or two swapped make one of the other."""
    if word == meant or min(len(word), len(meant)) < _SHORTEST or abs(len(word) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    rest, wanted = word[start:], meant[start:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]


def is_slip_of_label(label: str, meant: str) -> bool:
    """Whether two labels differ by one letter of one word, so that it is certain which was meant."""
    words, wanted = label.lower().split("."), meant.lower().split(".")
    if len(words) != len(wanted):
        return False
    differing = [(a, b) for a, b in zip(words, wanted, strict=True) if a != b]
    return len(differing) == 1 and is_slip(*differing[0])
