"""A router that another one leaves no request.

What it does
    Reports an HTTP router whose requests all match the rule of another one on its entrypoints, where that one comes
    first because its rule is longer. A priority that is written at the first is meant, and so is one of 1 or less at
    the second. Where both only redirect, in the same way, nothing is lost.

Why
    Of two routers Traefik takes the one with the higher priority, and that is the length of the rule unless it is set.
    The other router is shown as enabled, and never gets a request: its service, and its login, are skipped.

Example
    ``Host(`example.com`) || Host(`www.example.com`)`` next to ``Host(`example.com`) && PathPrefix(`/api`)``

Instead
    `traefik.http.routers.api.priority=100`
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from msgspec import Struct

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.default_priority import default_priority
from edgegen.traefik.go_values import as_number
from edgegen.traefik.rule_cover import covers
from edgegen.traefik.rule_hosts import hosts_of
from edgegen.traefik.rule_syntax import parsed
from edgegen.traefik.version import Version

RULE = Rule("EL115", "route-overtaken", Severity.HIGH)
_MOST = 400
"""Routers of one project that are compared with each other."""
_PATTERN = "hostregexp"
_LAST = 1
"""A priority up to this is written for what should come last."""


class _Router(Struct, frozen=True, eq=False):
    defined: Defined
    rule: str
    priority: int
    is_set: bool
    entrypoints: frozenset[str]


def check(project: Project) -> Iterator[Found]:
    """Each such router, with the first one that overtakes it."""
    if project.version is not None and project.version < Version(3, 0, 0):
        return
    edge = edge_of(project)
    if edge.traefik is not None and edge.traefik.static.get("core.defaultrulesyntax"):
        return
    routers = [found for item in edge.of("routers", "http") if (found := _readable(edge, item)) is not None]
    told: set[str] = set()
    for first, second in permutations(routers, 2) if len(routers) <= _MOST else ():
        if second.defined.full not in told and _overtakes(first, second) and not _redirects(edge, first, second):
            told.add(second.defined.full)
            yield _found(first, second)


def _readable(edge: Edge, item: Defined) -> _Router | None:
    """A router of which everything is known."""
    if not (item.known and item.whole and edge.takes(item)) or item.has("rulesyntax"):
        return None
    rule, said = item.text("rule"), item.text("priority")
    if not rule or (said and not said.removeprefix("-").isdecimal()):
        return None
    number = as_number(said)
    names = frozenset(name.lower() for name in item.words("entrypoints"))
    return _Router(item, rule, number or default_priority(rule), bool(number), names)


def _overtakes(first: _Router, second: _Router) -> bool:
    if first.is_set or (second.is_set and second.priority <= _LAST) or first.priority <= second.priority:
        return False
    together = second.entrypoints <= first.entrypoints and bool(second.entrypoints) == bool(first.entrypoints)
    one, other = first.defined, second.defined
    if not together or one.full == other.full or one.has_tls is not other.has_tls or one.never_meets(other):
        return False
    return _matches_all_of(first.rule, second.rule)


def _matches_all_of(first: str, second: str) -> bool:
    """Most pairs are of different hosts: they need no closer look."""
    hosts = hosts_of(first)
    if hosts and _PATTERN not in first.lower() and not set(hosts).intersection(hosts_of(second)):
        return False
    one, other = parsed(first), parsed(second)
    return one is not None and other is not None and covers(one, other)


def _redirects(edge: Edge, first: _Router, second: _Router) -> bool:
    """Whether both have the same middlewares, and one of them answers every request with a redirect."""
    one, other = first.defined, second.defined
    if one.words("middlewares") != other.words("middlewares") or one.provider != other.provider:
        return False
    return any(item.has("redirectscheme") or item.has("redirectregex") for item in edge.middlewares_of(one))


def _found(first: _Router, second: _Router) -> Found:
    one, other = first.defined, second.defined
    where = "" if one.owner == other.owner else f" of `{one.owner}`"
    message = (
        f"the router `{shown(other.name)}` never gets a request: the rule of `{shown(one.name)}`{where} matches all of"
        f" them and has the higher priority ({first.priority} over {second.priority}, a rule's length unless it is set)"
    )
    name = f"traefik.http.routers.{shown(other.name)}.priority" if other.item else "priority"
    return Found(
        other.owner, message, other.place("priority" if second.is_set else "rule"),
        f"give it a priority above {first.priority}: `{name}={first.priority + 1}`",
        Severity.LOW if _same(one, other) else None,
    )  # fmt: skip


def _same(one: Defined, other: Defined) -> bool:
    """Whether both do the same with a request."""
    options = ("service", "middlewares")
    return one.owner == other.owner and all(one.words(option) == other.words(option) for option in options)
