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


def _hosts(args: Sequence[str]) -> None:
    for item in args:
        rule_arguments.host(item)


def _host_patterns(args: Sequence[str]) -> None:
    _hosts(args)
    for item in args:
        _pattern(item)


def _paths(args: Sequence[str]) -> None:
    for item in args:
        rule_arguments.path(item)
        _pattern(item)


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


def _addresses(args: Sequence[str]) -> None:
    for item in args:
        rule_arguments.address(item)


def _protocols(args: Sequence[str]) -> None:
    for item in args:
        rule_arguments.protocol(item)


def _names(args: Sequence[str]) -> None:
    if odd := next((item for item in args if item != "*" and not _SNI.fullmatch(item)), None):
        raise ValueError(f"`{shown(odd)}` is not a host for HostSNI")


def _name_patterns(args: Sequence[str]) -> None:
    for item in args:
        _pattern(item)


def _anything(args: Sequence[str]) -> None:
    """Every text is one."""


_CHECKS: Mapping[Section, Mapping[str, Callable[[Sequence[str]], None]]] = {
    "http": {
        "Host": _hosts, "HostHeader": _hosts, "HostRegexp": _host_patterns, "ClientIP": _addresses, "Path": _paths,
        "PathPrefix": _paths, "Method": _anything, "Headers": _pairs, "HeadersRegexp": _header_patterns,
        "Query": _queries,
    },
    "tcp": {
        "ALPN": _protocols, "ClientIP": _addresses, "HostSNI": _names, "HostSNIRegexp": _name_patterns,
    },
}  # fmt: skip
