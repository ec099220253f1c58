"""Rules of routers in the syntax of Traefik 2, which Traefik 3 still reads where a router has `rulesyntax: v2`.

Source: traefik 2.11, pkg/muxer and the gorilla/mux that it is built on; each was tried with Traefik 3.7.15.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.traefik import rule_arguments
from edgegen.traefik.expression import Expression
from edgegen.traefik.go_regex import check_regex
from edgegen.traefik.rule_syntax import Section

_LONGEST = 10_000
_SNI = late_pattern(r"[\w.:-]+", re.ASCII)


def check_v2(text: str, section: Section = "http") -> None:
    """Raises ValueError for a rule that Traefik disables the router for."""
    if len(text) > _LONGEST:
        raise ValueError(f"a rule has at most {_LONGEST:,} characters here")
    try:
        _Reading(text, section).whole()
    except RecursionError:
        raise ValueError("the rule nests too deep") from None


class _Reading(Expression[None]):
    """Every part is checked and none is kept."""

    def __init__(self, text: str, section: Section) -> None:
        super().__init__(text)
        self._checks = _CHECKS[section]

    def some(self, items: list[None]) -> None:
        """Nothing to keep."""

    def every(self, items: list[None]) -> None:
        """Nothing to keep."""

    def negated(self, item: None) -> None:
        """Nothing to keep."""

    def call(self, name: str, args: list[str]) -> None:
        if not args or "" in args:
            raise ValueError(f"an argument of {name} is empty" if args else f"{name} has no argument")
        self._checks[name](args)

    def known(self, word: str) -> str:
        return rule_arguments.matcher(word, self._checks, "Traefik's syntax v2")


def _each(*checks: Callable[[str], None]) -> Callable[[Sequence[str]], None]:
    """Every argument by all of these; without one, any text will do."""

    def check_all(args: Sequence[str]) -> None:
        for item in args:
            for check in checks:
                check(item)

    return check_all


def _pattern(text: str) -> None:
    """Text with `{name:regex}` in it."""
    for start, end in braces(text):
        part = text[start + 1 : end]
        name, colon, regex = part.partition(":")
        if not name or (colon and not regex):
            raise ValueError(f"`{{{shown(part)}}}` needs a name and a regex: `{{name:regex}}`")
        check_regex(regex or "[^/]+")


def braces(text: str) -> Iterator[tuple[int, int]]:
    """Where braces of the first level open and close. Raises ValueError where they don't match."""
    level = start = 0
    for at, mark in enumerate(text):
        if mark == "{":
            level += 1
            start = at if level == 1 else start
        elif mark == "}":
            level -= 1
            if level < 0:
                break
            if level == 0:
                yield start, at
    if level:
        raise ValueError(f"the braces of `{shown(text)}` don't match")


def _pairs(args: Sequence[str]) -> None:
    if len(args) % 2:
        raise ValueError("names and values must come in pairs")


def _header_patterns(args: Sequence[str]) -> None:
    _pairs(args)
    for item in args[1::2]:
        check_regex(item)


def _queries(args: Sequence[str]) -> None:
    parts = [part for item in args for part in item.split("=", 1)]
    _pairs(parts)
    for item in parts:
        _pattern(item)


def _sni(text: str) -> None:
    if text != "*" and not _SNI.fullmatch(text):
        raise ValueError(f"`{shown(text)}` is not a host for HostSNI")


_CHECKS: Mapping[Section, Mapping[str, Callable[[Sequence[str]], None]]] = {
    "http": {
        "Host": _each(rule_arguments.host), "HostHeader": _each(rule_arguments.host),
        "HostRegexp": _each(rule_arguments.host, _pattern), "ClientIP": _each(rule_arguments.address),
        "Path": _each(rule_arguments.path, _pattern), "PathPrefix": _each(rule_arguments.path, _pattern),
        "Method": _each(), "Headers": _pairs, "HeadersRegexp": _header_patterns, "Query": _queries,
    },
    "tcp": {
        "ALPN": _each(rule_arguments.protocol), "ClientIP": _each(rule_arguments.address), "HostSNI": _each(_sni),
        "HostSNIRegexp": _each(_pattern),
    },
}  # fmt: skip
