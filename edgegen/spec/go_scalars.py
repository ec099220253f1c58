"""What a plain YAML scalar means to Go's yaml, which Compose and Swarm read their files with; and Go's text of it.

Go reads YAML 1.2 with some of 1.1: `0755` is a number in octal, `1_000` has a separator, `yes` is text.
"""

from __future__ import annotations

import math
import re
from typing import Any

from edgegen.spec.scalars import NUMBER_STARTS, WORDS, WrittenFloat, WrittenInt, written

_INT = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(\.\d+)?(?:[ \t]*(Z|[-+]\d{1,2}(?::\d{2})?))?)?\Z"
)
_NOT_FINITE = {
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_LONGEST = 400


def resolve(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar. Dates are texts here: Go's are dates, which `go_text` writes as Go does."""
    if text in WORDS:
        return WORDS[text]
    if text[0] not in NUMBER_STARTS or len(text) > _LONGEST:
        return text
    return _number(text)


def _number(text: str) -> str | int | float:
    plain = text.replace("_", "")
    if _INT.match(plain):
        return _int(plain, text)
    if text in _NOT_FINITE:
        return written(_NOT_FINITE[text], text)
    # A separator counts in a float's digits, too, if the text begins like a number.
    if _FLOAT.match(plain) and text[0] != "_" and math.isfinite(value := float(plain)):
        return written(value, text)
    return _Date(text) if _DATE.match(text) else text


class _Date(str):
    """A text that is a date to Go."""

    __slots__ = ()


def _int(plain: str, text: str) -> str | int | float:
    sign = -1 if plain[0] == "-" else 1
    digits = plain.lstrip("+-").lower()
    if digits[:2] in ("0x", "0o", "0b"):
        value = sign * int(digits, 0)
    else:
        value = sign * int(digits, 8 if digits[0] == "0" and len(digits) > 1 else 10)
    if -(2**63) <= value < 2**64:
        # Go's parser of integers keeps `-0` as the text that it is.
        return text if text == "-0" else written(value, text)
    return written(float(value), text) if digits[0] != "0" else text


def written_text(value: Any) -> str:
    """A scalar as written in the file."""
    if isinstance(value, (WrittenInt, WrittenFloat)):
        return value.text
    if isinstance(value, float):
        return repr(value)
    return "" if value is None else str(value) if isinstance(value, str) else go_text(value)


def go_text(value: Any) -> str:
    """A value as Go prints it: `true`, `1`, `1.5e+06`, `map[a:b]`."""
    match value:
        case str():
            text = _date_text(value) if type(value) is _Date else value
        case None:
            text = "<nil>"
        case bool():
            text = "true" if value else "false"
        case int():
            text = str(int(value))
        case float():
            text = _float_text(float(value))
        case dict():
            text = "map[" + " ".join(f"{key}:{go_text(value[key])}" for key in sorted(value)) + "]"
        case list():
            text = "[" + " ".join(map(go_text, value)) + "]"
        case _:
            text = str(value)
    return text


def _float_text(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    mantissa, _, exponent = repr(value).partition("e")
    # The shortest digits are the same in both languages; where the exponent begins differs.
    digits = mantissa.replace("-", "").replace(".", "").lstrip("0")
    power = _power(mantissa.lstrip("-"), int(exponent or 0))
    digits = digits.rstrip("0")
    sign = "-" if math.copysign(1, value) < 0 else ""
    if not digits:
        return sign + "0"
    if power < -4 or power >= 6:
        return (
            f"{sign}{digits[0]}{'.' if len(digits) > 1 else ''}{digits[1:]}e{'-' if power < 0 else '+'}{abs(power):02d}"
        )
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    if len(digits) <= power + 1:
        return sign + digits + "0" * (power + 1 - len(digits))
    return f"{sign}{digits[: power + 1]}.{digits[power + 1 :]}"


def _power(mantissa: str, exponent: int) -> int:
    """The power of ten of the first digit that isn't zero."""
    whole, _, fraction = mantissa.partition(".")
    if whole.strip("0"):
        return len(whole.lstrip("0")) - 1 + exponent
    return -(len(fraction) - len(fraction.lstrip("0")) + 1) + exponent


def _date_text(text: str) -> str:
    match = _DATE.match(text)
    assert match is not None  # noqa: S101  # only such texts become dates
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    date = f"{int(year):04d}-{int(month):02d}-{int(day):02d}"
    clock = (
        f"{int(hour or 0):02d}:{int(minute or 0):02d}:{int(second or 0):02d}{(fraction or '').rstrip('0').rstrip('.')}"
    )
    if zone in (None, "Z"):
        return f"{date} {clock} +0000 UTC"
    hours, _, minutes = zone[1:].partition(":")
    shown = f"{zone[0]}{int(hours):02d}{minutes or '00'}"
    return f"{date} {clock} {shown} {shown}"
