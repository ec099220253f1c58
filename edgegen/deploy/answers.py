"""What other programs print, read with suspicion: anything but the expected is an OutsideError, never a bug.

The programs are Docker's own, and yet a wrapper may add a line, a pipe may cut one, and a proxy may answer instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from edgegen.core.errors import OutsideError
from edgegen.core.show import shown

_BEGINNINGS = ("{", "[{", "[]")
"""What a line of JSON begins with; `[WARN] …` is none."""
_MOST_DIGITS = 18
_HINT = "is `{}` on PATH Docker's own program? Run the command by hand to see what it prints"


def read_object(text: str, program: str, what: str) -> dict[str, Any]:
    """The one JSON object of an output; lines before and after it that are not JSON are left out.

    Raises OutsideError where there is none, or where it is not certain which one it is.
    """
    found = _parse(text)
    if found is None:
        found = _parse(_framed(text))
    if not isinstance(found, dict):
        _refuse_output(program, what, text)
    return found


def read_rows(text: str, program: str, what: str) -> Iterator[dict[str, Any]]:
    """The JSON objects of an output: one a line, or one list. Nothing at all is none.

    Lines that don't look like JSON are left out as long as there are others. Raises OutsideError for anything else.
    """
    if text.strip() == "null":
        return
    whole = _parse(text)
    values = [whole] if isinstance(whole, dict | list) else _lines(text, program, what)
    for value in values:
        for row in value if isinstance(value, list) else [value]:
            if not isinstance(row, dict):
                _refuse_output(program, what, text)
            yield row


def mapping(value: object, program: str, what: str) -> dict[str, Any]:
    """A JSON object; null is an empty one. Raises OutsideError for anything else."""
    if value is None:
        return {}
    return value if isinstance(value, dict) else refuse_kind(program, what, value)


def items(value: object, program: str, what: str) -> list[Any]:
    """A JSON list; null is an empty one. Raises OutsideError for anything else."""
    if value is None:
        return []
    return value if isinstance(value, list) else refuse_kind(program, what, value)


def text(value: object, program: str, what: str) -> str:
    """A text; null is "". A number is taken as it is written. Raises OutsideError for anything else."""
    if value is None:
        return ""
    is_text = isinstance(value, str) and "\0" not in value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_text or is_number else refuse_kind(program, what, value)


def number(value: object, program: str, what: str) -> int:
    """A whole number; null is 0. Raises OutsideError for anything else, and for one beyond 18 digits."""
    if value is None:
        return 0
    digits = str(value).removesuffix(".0") if isinstance(value, int | float | str) else ""
    plain = digits.removeprefix("-")
    if isinstance(value, bool) or len(plain) > _MOST_DIGITS or not (plain.isascii() and plain.isdigit()):
        refuse(program, f"printed `{shown(value)}` as `{shown(what)}`, which is not a whole number")
    return int(digits)


def refuse(program: str, what: str) -> NoReturn:
    """Raise OutsideError for an answer that can't be read; `what` is what the program did."""
    raise OutsideError(f"`{program}` {what}", hint=_HINT.format(program.partition(" ")[0]))


def refuse_kind(program: str, what: str, value: object) -> NoReturn:
    """Raise OutsideError for a part of an answer that is of a wrong kind. Its value is not shown."""
    refuse(program, f"printed {_kind(value)} as `{shown(what)}`, which can't be read")


def _refuse_output(program: str, what: str, text: str) -> NoReturn:
    refuse(program, f"printed {_excerpt(text)} instead of {what} as JSON")


def _parse(text: str) -> Any:
    """The value, or None for what can't be read: no JSON, nested too deep, a number with thousands of digits."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _framed(text: str) -> str:
    """From the first line that begins an object to the last that ends it, where the object fills these lines."""
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.startswith("{")), len(lines))
    last = next((at for at in range(len(lines) - 1, first - 1, -1) if lines[at].rstrip().endswith("}")), first)
    return "\n".join(lines[first : last + 1])


def _lines(text: str, program: str, what: str) -> list[Any]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    values = [_parse(line) for line in lines if line.startswith(_BEGINNINGS)]
    if any(value is None for value in values) or (lines and not values):
        _refuse_output(program, what, text)
    return values


def _excerpt(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return f"`{shown(first)}`" if first else "nothing"


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return kinds.get(type(value), "something odd")
