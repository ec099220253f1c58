"""Rules of routers as trees: read as Traefik 3 reads them, which is as Go reads an expression.

Source: Traefik's reference, "Rules & Priority"; traefik 3.7, pkg/rules/parser.go and pkg/muxer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.traefik import rule_arguments
from edgegen.traefik.expression import Expression
from edgegen.traefik.go_regex import check_regex

Section = Literal["http", "tcp"]
_LONGEST = 10_000
_SNI = late_pattern(r"[\w.:-]+", re.ASCII)


class Match(Struct, frozen=True):
    """One matcher with its arguments."""

    name: str
    args: tuple[str, ...]


class Not(Struct, frozen=True):
    """Requests that the item does not match."""

    item: Rule


class Every(Struct, frozen=True):
    """Requests that all items match."""

    items: tuple[Rule, ...]


class Some(Struct, frozen=True):
    """Requests that at least one item matches."""

    items: tuple[Rule, ...]


Rule = Match | Not | Every | Some


def parse_rule(text: str, section: Section = "http") -> Rule:
    """The tree of a rule. Raises ValueError for one that Traefik disables the router for."""
    if len(text) > _LONGEST:
        raise ValueError(f"a rule has at most {_LONGEST:,} characters here")
    try:
        return _Reading(text, section).whole()
    except RecursionError:
        raise ValueError("the rule nests too deep") from None


@lru_cache(maxsize=1 << 10)  # lint compares the rules of all routers of a host with each other
def parsed(text: str, section: str = "http") -> Rule | None:
    """The tree of a router's rule; None for one that Traefik disables the router for."""
    try:
        return parse_rule(text, "tcp" if section == "tcp" else "http")
    except ValueError:
        return None


def matches(rule: Rule, *, negated: bool = True) -> Iterator[Match]:
    """All matchers of a rule, those under a `!` only where they are wanted."""
    if isinstance(rule, Match):
        yield rule
    elif not isinstance(rule, Not):
        for item in rule.items:
            yield from matches(item, negated=negated)
    elif negated:
        yield from matches(rule.item)


class _Reading(Expression[Rule]):
    """A rule as a tree."""

    def __init__(self, text: str, section: Section) -> None:
        super().__init__(text)
        self._section = section

    def some(self, items: list[Rule]) -> Rule:
        return Some(tuple(items))

    def every(self, items: list[Rule]) -> Rule:
        return Every(tuple(items))

    def negated(self, item: Rule) -> Rule:
        return Not(item)

    def call(self, name: str, args: list[str]) -> Rule:
        least, most = _ARGUMENTS[self._section][name]
        if not least <= len(args) <= most:
            counts = str(least) if least == most else f"{least} or {most}"
            raise ValueError(f"{name} takes {counts} argument{'s' * (counts != '1')}, not {len(args)}: join with `||`")
        if "" in args:
            raise ValueError(f"an argument of {name} is empty")
        if check := _CHECKS.get(name):
            check(args[-1])
        return Match(name, tuple(args))

    def known(self, word: str) -> str:
        return rule_arguments.matcher(word, _ARGUMENTS[self._section], "Traefik 3")


def _host_pattern(text: str) -> None:
    rule_arguments.host(text)
    check_regex(text)


def _sni(text: str) -> None:
    if text != "*" and not _SNI.fullmatch(text.removeprefix("*.")):
        raise ValueError(f"`{shown(text)}` is not a host for HostSNI")


_ARGUMENTS: Mapping[Section, Mapping[str, tuple[int, int]]] = {
    "http": {
        "ClientIP": (1, 1), "Header": (2, 2), "HeaderRegexp": (2, 2), "Host": (1, 1), "HostRegexp": (1, 1),
        "Method": (1, 1), "Path": (1, 1), "PathPrefix": (1, 1), "PathRegexp": (1, 1), "Query": (1, 2),
        "QueryRegexp": (1, 2),
    },
    "tcp": {"ALPN": (1, 1), "ClientIP": (1, 1), "HostSNI": (1, 1), "HostSNIRegexp": (1, 1)},
}  # fmt: skip
_CHECKS: Mapping[str, Callable[[str], object]] = {
    "Path": rule_arguments.path, "PathPrefix": rule_arguments.path, "ClientIP": rule_arguments.address,
    "Host": rule_arguments.host, "HostSNI": _sni, "ALPN": rule_arguments.protocol,
    "HostRegexp": _host_pattern, "HostSNIRegexp": _host_pattern, "PathRegexp": check_regex,
    "HeaderRegexp": check_regex, "QueryRegexp": check_regex,
}  # fmt: skip
