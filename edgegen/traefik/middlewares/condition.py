"""Conditions of circuit-breaker and buffering: functions compared to numbers, joined by `&&` and `||`.

Source: vulcand's oxy (cbreaker, buffer) and predicate. A ratio is compared to a number with a point (`> 1.0`) and a
count to a whole number: with the other one Traefik disables the router.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Kind = Literal["truth", "whole", "fraction"]

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<mark>&&|\|\||[<>]=?|[=!]=|[(),]))", re.ASCII
)
_COMPARISONS = ("<", ">", "<=", ">=", "==", "!=")
_LEVELS = 50


class Function(Struct, frozen=True):
    """A function of the condition: the kinds of its arguments, and of what it gives."""

    arguments: tuple[Kind, ...]
    result: Kind


CIRCUIT_BREAKER: Mapping[str, Function] = {
    "NetworkErrorRatio": Function((), "fraction"),
    "ResponseCodeRatio": Function(("whole", "whole", "whole", "whole"), "fraction"),
    "LatencyAtQuantileMS": Function(("fraction",), "whole"),
}
BUFFERING: Mapping[str, Function] = {
    "IsNetworkError": Function((), "truth"),
    "Attempts": Function((), "whole"),
    "ResponseCode": Function((), "whole"),
}


def condition(text: str, functions: Mapping[str, Function]) -> str:
    """`text`, where Traefik can read it as a condition. Raises ValueError with a sentence."""
    reader = _Reader(text, functions)
    reader.either(0)
    if reader.word:
        raise ValueError(f"`{reader.word}` is not expected in `{text[:60]}`")
    return text


class _Reader:
    """Reads one token ahead; each method reads one rule of the grammar."""

    def __init__(self, text: str, functions: Mapping[str, Function]) -> None:
        self._text = text
        self._functions = functions
        self._at = 0
        self.word = ""
        self._advance()

    def either(self, level: int) -> None:
        """Terms joined by `||` and `&&`."""
        if level > _LEVELS:
            raise ValueError("the condition is nested too deeply")
        self._term(level)
        while self.word in ("&&", "||"):
            self._advance()
            self._term(level)

    def _term(self, level: int) -> None:
        if self.word == "(":
            self._advance()
            self.either(level + 1)
            self._expect(")")
            return
        name = self.word
        if name not in self._functions:
            known = ", ".join(f"{function}()" for function in self._functions)
            raise ValueError(f"`{name or self._text[:60]}` is none of {known}")
        function = self._functions[name]
        self._advance()
        self._arguments(name, function)
        self._comparison(name, function)

    def _arguments(self, name: str, function: Function) -> None:
        self._expect("(")
        for index, kind in enumerate(function.arguments):
            if index:
                self._expect(",")
            self._number(kind, name)
        self._expect(")")

    def _comparison(self, name: str, function: Function) -> None:
        if function.result == "truth":
            return
        if self.word not in _COMPARISONS:
            raise ValueError(f"{name}() is compared to a number, like `{name}(…) > {_example(function.result)}`")
        self._advance()
        self._number(function.result, name)

    def _number(self, kind: Kind, name: str) -> None:
        if not self.word[:1].isdigit() or ("." in self.word) != (kind == "fraction"):
            wanted = "a number with a point" if kind == "fraction" else "a whole number"
            raise ValueError(f"{name}() needs {wanted}, like {_example(kind)}, not `{self.word}`")
        self._advance()

    def _expect(self, mark: str) -> None:
        if self.word != mark:
            raise ValueError(f"`{mark}` is missing in `{self._text[:60]}`")
        self._advance()

    def _advance(self) -> None:
        if not self._text[self._at :].strip():
            self.word = ""
            return
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise ValueError(f"`{self._text[self._at :].strip()[:20]}` is not expected in `{self._text[:60]}`")
        self._at = found.end()
        self.word = found.group().strip()


def _example(kind: Kind) -> str:
    return "0.3" if kind == "fraction" else "100"
