"""A router's rule in the words of a picture: its hosts, its paths, and what else it asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from edgegen.traefik.rule_hosts import hosts_of
from edgegen.traefik.rule_syntax import Match, Not, Rule, parse_rule
from edgegen.traefik.rules import wildcard_of

ANY = "any host"


class Asked(Struct, frozen=True):
    """What a rule asks for."""

    hosts: tuple[str, ...]
    paths: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """The matchers of neither a host nor a path."""


def asked(rule: str, section: str) -> Asked:
    """The parts of a rule; only its hosts where Traefik can't read it."""
    known: Literal["http", "tcp"] = "tcp" if section == "tcp" else "http"
    try:
        matches = list(_matches(parse_rule(rule, known), wanted=True))
    except ValueError:
        return Asked(hosts_of(rule) or (ANY,))
    hosts = tuple(dict.fromkeys(_host(item) for item, wanted in matches if wanted and "Host" in item.name))
    paths = [item.args[0] for item, wanted in matches if wanted and item.name in ("Path", "PathPrefix")]
    others = [
        item.name if wanted else f"not {item.name}"
        for item, wanted in matches
        if not wanted or ("Host" not in item.name and item.name not in ("Path", "PathPrefix"))
    ]
    return Asked(hosts or (ANY,), tuple(dict.fromkeys(paths)), tuple(dict.fromkeys(others)))


def _matches(rule: Rule, *, wanted: bool) -> Iterator[tuple[Match, bool]]:
    if isinstance(rule, Match):
        yield rule, wanted
    elif isinstance(rule, Not):
        yield from _matches(rule.item, wanted=not wanted)
    else:
        for item in rule.items:
            yield from _matches(item, wanted=wanted)


def _host(match: Match) -> str:
    if match.name.endswith("Regexp"):
        return wildcard_of(match.args[0]) or f"hosts like {match.args[0]}"
    return ANY if match.args[0] == "*" else match.args[0].lower().removesuffix(".")
