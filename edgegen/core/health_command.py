"""The `test` of a health check as a list: what Docker accepts, and what can't pass or loses words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto


class Fault(Enum):
    """What is wrong with such a list."""

    NO_COMMAND = auto()
    ONE_WORD = auto()
    """`CMD` with a whole command line in one word: there is no program with that name."""
    LOST_WORDS = auto()
    """`CMD-SHELL` with several words, of which it runs only the first."""


def fault_of(test: Sequence[str]) -> Fault | None:
    """The fault of a list, read as it is: a variable in it may be any words."""
    kind, words = test[0] if test else "", test[1:]
    if kind in ("CMD", "CMD-SHELL") and not "".join(words).strip():
        return Fault.NO_COMMAND
    if kind == "CMD" and len(words) == 1 and " " in words[0].strip():
        return Fault.ONE_WORD
    return Fault.LOST_WORDS if kind == "CMD-SHELL" and len(words) > 1 else None
