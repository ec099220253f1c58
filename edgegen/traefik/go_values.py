"""Values as Go reads them: which texts are a flag, a number or a duration for Traefik.

Source: Go's strconv.ParseBool, strconv.ParseInt and time.ParseDuration, and paerser's element_fill.go.
"""

from __future__ import annotations

import re

from edgegen.core.pattern import late_pattern

TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})
_NUMBER = late_pattern(r"[+-]?[0-9]+")
_DECIMAL = late_pattern(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?0[xX][0-9a-fA-F.]+[pP][+-]?[0-9]+")
_SPECIAL = late_pattern(r"[+-]?inf(?:inity)?|nan", re.IGNORECASE)
_DURATION = late_pattern(r"[+-]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)")
_PART = late_pattern(r"([0-9.]+)(ns|us|µs|μs|ms|s|m|h)")
_UNITS = {"ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9}
_MOST = 2**63 - 1


def is_flag(text: str) -> bool:
    """Whether it is true or false."""
    return text in TRUE or text in FALSE


def is_number(text: str, bits: int = 64) -> bool:
    """Whether it is a whole number of so many bits."""
    most = 2 ** (bits - 1)
    return len(text) < 100 and bool(_NUMBER.fullmatch(text)) and -most <= int(text) < most


def as_number(text: str) -> int:
    """A text of digits as a number. One that no integer of Go holds stays too large and is no longer exact: Python
    refuses to read thousands of digits.
    """
    digits = text.lstrip("+-").lstrip("0")[:20]
    return int(digits or 0) * (-1 if text.startswith("-") else 1)


def is_decimal(text: str) -> bool:
    """Whether it is a number of 64 bits with or without a point, as strconv.ParseFloat reads it."""
    if _SPECIAL.fullmatch(text):
        return True
    if len(text) > 100 or not _DECIMAL.fullmatch(text):
        return False
    return "x" in text.lower() or abs(float(text.replace("_", ""))) != float("inf")


def is_duration(text: str) -> bool:
    """Whether it is a number (of seconds) or a duration like `1m30s`."""
    if is_number(text):
        return True
    if len(text) > 100 or not _DURATION.fullmatch(text):
        return False
    return sum(float(value) * _UNITS[unit] for value, unit in _PART.findall(text)) <= _MOST
