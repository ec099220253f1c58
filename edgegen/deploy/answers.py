"""Reading what other programs print, with suspicion: anything unexpected is an OutsideError, never a bug.

The programs are Docker's own, but a wrapper may add a line, a pipe may cut one, and a proxy may answer instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from msgspec import Struct

from edgegen.core.errors import OutsideError
from edgegen.core.show import shown

_BEGINNINGS = ("{", "[{", "[]")
"""How a line of JSON begins; `[WARN] …` is not one."""
_MOST_DIGITS = 18
_HINT = "is `{}` on PATH Docker's own program? Run the command by hand to see what it prints"


class Reader(Struct, frozen=True):
    """Reads what one program prints; `what` names a part of it. Raises OutsideError for anything unexpected."""

    program: str

    def json_object(self, text: str, what: str) -> dict[str, Any]:
        """The one JSON object of an output; lines before and after it that are not JSON are ignored."""
        found = _parse(text)
        if found is None:
            found = _parse(_framed(text))
        return found if isinstance(found, dict) else self._refuse_output(what, text)

    def rows(self, text: str, what: str) -> Iterator[dict[str, Any]]:
        """The JSON objects of an output: one per line, or one list. Empty output means no objects.

        Lines that don't look like JSON are ignored as long as there are others.
        """
        if text.strip() == "null":
            return
        whole = _parse(text)
        values = [whole] if isinstance(whole, dict | list) else self._lines(text, what)
        for value in values:
            for row in value if isinstance(value, list) else [value]:
                yield row if isinstance(row, dict) else self._refuse_output(what, text)

    def mapping(self, value: object, what: str) -> dict[str, Any]:
        """A JSON object; null is an empty one."""
        if value is None:
            return {}
        return value if isinstance(value, dict) else self._refuse_kind(what, value)

    def items(self, value: object, what: str) -> list[Any]:
        """A JSON list; null is an empty one."""
        if value is None:
            return []
        return value if isinstance(value, list) else self._refuse_kind(what, value)

    def mappings(self, value: object, what: str) -> list[dict[str, Any]]:
        """A JSON list of objects."""
        return [self.mapping(item, what) for item in self.items(value, what)]

    def texts(self, value: object, what: str) -> list[str]:
        """A JSON list of texts."""
        return [self.text(item, what) for item in self.items(value, what)]

    def pairs(self, value: object, what: str) -> dict[str, str]:
        """A JSON object of texts."""
        return {name: self.text(item, name) for name, item in self.mapping(value, what).items()}

    def text(self, value: object, what: str) -> str:
        """A text; null is "". A number is accepted as text."""
        if value is None:
            return ""
        is_text = isinstance(value, str) and "\0" not in value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if is_text or is_number else self._refuse_kind(what, value)

    def number(self, value: object, what: str) -> int:
        """A whole number of at most 18 digits; null is 0."""
        if value is None:
            return 0
        digits = str(value).removesuffix(".0") if isinstance(value, int | float | str) else ""
        plain = digits.removeprefix("-")
        if isinstance(value, bool) or len(plain) > _MOST_DIGITS or not (plain.isascii() and plain.isdigit()):
            self.refuse(f"printed `{shown(value)}` as `{shown(what)}`, which is not a whole number")
        return int(digits)

    def refuse(self, what: str) -> NoReturn:
        """Raise OutsideError for an answer that can't be read; `what` is what the program did."""
        raise OutsideError(f"`{self.program}` {what}", hint=_HINT.format(self.program.partition(" ")[0]))

    def _refuse_kind(self, what: str, value: object) -> NoReturn:
        """The value is not shown."""
        self.refuse(f"printed {_kind(value)} as `{shown(what)}`, which can't be read")

    def _refuse_output(self, what: str, text: str) -> NoReturn:
        self.refuse(f"printed {_excerpt(text)} instead of {what} as JSON")

    def _lines(self, text: str, what: str) -> list[Any]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        values = [_parse(line) for line in lines if line.startswith(_BEGINNINGS)]
        if any(value is None for value in values) or (lines and not values):
            self._refuse_output(what, text)
        return values


def _parse(text: str) -> Any:
    """The value, or None for what can't be read: no JSON, nesting too deep, a number with thousands of digits."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _framed(text: str) -> str:
    """From the first line that starts an object to the last that ends it, if the object fills these lines."""
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.startswith("{")), len(lines))
    last = next((at for at in range(len(lines) - 1, first - 1, -1) if lines[at].rstrip().endswith("}")), first)
    return "\n".join(lines[first : last + 1])


def _excerpt(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return f"`{shown(first)}`" if first else "nothing"


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return kinds.get(type(value), "an unknown kind of value")
