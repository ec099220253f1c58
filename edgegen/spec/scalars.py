"""What a plain YAML scalar means: the core schema of YAML 1.2, and nothing that two parsers read differently."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from edgegen.core.pattern import late_pattern

_INT = late_pattern(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_OTHER_BASE = late_pattern(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_LEADING_ZERO = late_pattern(r"[-+]?0[0-9]+\Z")
_FLOAT = late_pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = late_pattern(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
NUMBER_STARTS = frozenset("-+.0123456789")
_DIGITS = 20

WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class WrittenInt(int):
    """A whole number that was written in another way than Python prints it; `text` is how (`0o644`)."""

    text: str


class WrittenFloat(float):
    """A number that was written in another way than Python prints it; `text` is how (`1.10`)."""

    text: str


def written(value: float, text: str) -> float:
    """The number; one that Python prints in another way than it was written keeps its text."""
    if repr(value) == text:
        return value
    kept = WrittenInt(value) if isinstance(value, int) else WrittenFloat(value)
    kept.text = text
    return kept


class Plain(dict[str, Any]):
    """text -> value, filled on demand: a file repeats few words many times.

    Raises what `read` raises where a scalar is refused.
    """

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self[text] = self._read(text)
        return value


def resolve(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar. `no`, `on`, `22:22`, `1_000` and dates are text, as in YAML 1.2.

    Raises ValueError (a sentence with the remedy) for what parsers disagree about, for numbers that are too
    large, and for infinity and not-a-number.
    """
    if text in WORDS:
        return WORDS[text]
    return _number(text) if text[0] in NUMBER_STARTS else text


def _number(text: str) -> str | int | float:
    if _INT.match(text):
        return _whole(text, 10)
    if _LEADING_ZERO.match(text):
        digits = text.lstrip("+-0")
        octal = f"write 0o{digits} for a file mode, or " if re.fullmatch("[0-7]+", digits) else ""
        raise ValueError(f"`{text[:40]}` is read differently by every YAML parser: {octal}put it in quotes")
    if _OTHER_BASE.match(text):
        return _whole(text, 0)
    if _FLOAT.match(text):
        return _float(text)
    if _NOT_FINITE.match(text):
        raise ValueError(f"`{text}` is not a usable number: put it in quotes if it is text")
    return text


def _whole(text: str, base: int) -> float:
    value = int(text, base) if len(text) <= _DIGITS else 2**63
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"`{text[:24]}` is a number beyond 64 bits: put it in quotes if it is text")
    return written(value, text)


def _float(text: str) -> float:
    if len(text) > 64 or not math.isfinite(value := float(text)):
        raise ValueError(f"`{text[:24]}` is a number too large to keep: put it in quotes if it is text")
    return written(value, text)
