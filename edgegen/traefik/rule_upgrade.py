"""A rule of Traefik 2 as Traefik 3 reads it, with the same meaning.

Source: Traefik's reference, "Migration: from v2 to v3", and gorilla/mux, on which the matchers of version 2 are built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from edgegen.traefik.expression import Expression
from edgegen.traefik.rule_syntax import Section
from edgegen.traefik.rule_v2 import braces, check_v2

_ATOM, _AND, _OR = range(3)
Piece = tuple[str, int]
"""A text, and what joins it."""
_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")
_NAMES = {
    "HostHeader": "Host", "Headers": "Header", "HeadersRegexp": "HeaderRegexp",
}  # fmt: skip
_MATCHERS = (
    "Host", "HostHeader", "HostRegexp", "ClientIP", "Path", "PathPrefix", "Method", "Headers", "HeadersRegexp",
    "Query", "ALPN", "HostSNI", "HostSNIRegexp",
)  # fmt: skip


def upgraded(text: str, section: Section = "http", *, dollar: str = "$") -> str | None:
    """The same rule for Traefik 3; None where it is not a rule of Traefik 2, or has no certain form.

    `dollar` is how a dollar sign is written in the file: `$$` where Compose interpolates.
    """
    try:
        check_v2(text.replace("$$", "$"), section)
        return _Reading(text, dollar).whole()[0]
    except (ValueError, RecursionError):
        return None


class _Reading(Expression[Piece]):
    def __init__(self, text: str, dollar: str) -> None:
        super().__init__(text)
        self._dollar = dollar

    def known(self, word: str) -> str:
        return next((name for name in _MATCHERS if name.lower() == word.lower()), word)

    def some(self, items: list[Piece]) -> Piece:
        return " || ".join(text for text, _ in items), _OR

    def every(self, items: list[Piece]) -> Piece:
        return " && ".join(_in_brackets(item, _OR) for item in items), _AND

    def negated(self, item: Piece) -> Piece:
        return f"!{_in_brackets(item, _AND)}", _ATOM

    def call(self, name: str, args: list[str]) -> Piece:
        if name in ("Headers", "HeadersRegexp"):
            return self._all([_call(_NAMES[name], args[at : at + 2]) for at in range(0, len(args), 2)])
        if name == "Query":
            return self._all([self._query(arg) for arg in args])
        make = self._patterns().get(name)
        texts = [make(arg) if make else _call(_NAMES.get(name, name), [arg]) for arg in args]
        return (texts[0], _ATOM) if len(texts) == 1 else (" || ".join(texts), _OR)

    def _all(self, texts: Sequence[str]) -> Piece:
        return (texts[0], _ATOM) if len(texts) == 1 else (" && ".join(texts), _AND)

    def _patterns(self) -> dict[str, Callable[[str], str]]:
        return {
            "HostRegexp": lambda arg: self._pattern(arg, "Host", "HostRegexp", "[^.]+", whole=True),
            "HostSNIRegexp": lambda arg: self._pattern(arg, "HostSNI", "HostSNIRegexp", "[^.]+", whole=True),
            "Path": lambda arg: self._pattern(arg, "Path", "PathRegexp", "[^/]+", whole=True),
            "PathPrefix": lambda arg: self._pattern(arg, "PathPrefix", "PathRegexp", "[^/]+", whole=False),
        }

    def _pattern(self, text: str, plain: str, regexp: str, otherwise: str, *, whole: bool) -> str:
        if "{" not in text:
            return _call(plain, [text])
        return _call(regexp, [f"^{self._regex(text, otherwise)}{self._dollar if whole else ''}"])

    def _query(self, text: str) -> str:
        name, equals, value = text.partition("=")
        if not equals or not value:
            return _call("Query", [name])
        if "{" not in name + value:
            return _call("Query", [name, value])
        if "{" in name:
            raise ValueError("a query's name can't be a pattern")
        return _call("QueryRegexp", [name, f"^{self._regex(value, '.*')}{self._dollar}"])

    def _regex(self, text: str, otherwise: str) -> str:
        """Text with `{name:regex}` in it, as one regex."""
        found, at = "", 0
        for start, end in braces(text):
            name, colon, regex = text[start + 1 : end].partition(":")
            if not name or "$" in text[start:end] or (colon and not regex):
                raise ValueError("a pattern that can't be taken over")
            found += _quoted(text[at:start]) + (f"(?:{regex})" if "|" in regex else regex or otherwise)
            at = end + 1
        return found + _quoted(text[at:])


def _quoted(text: str) -> str:
    if "$" in text:  # a variable, or a dollar sign: a regex would read it in its own way
        raise ValueError("a dollar sign in a pattern")
    return _SPECIAL.sub(r"\\\1", text)


def _call(name: str, args: Sequence[str]) -> str:
    if any("`" in arg for arg in args):
        raise ValueError("a backtick in an argument")
    return f"{name}({', '.join(f'`{arg}`' for arg in args)})"


def _in_brackets(item: Piece, weakest: int) -> str:
    text, level = item
    return f"({text})" if level >= weakest else text
