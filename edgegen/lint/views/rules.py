"""Rules of routers as trees."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.traefik.rule_syntax import Every, Match, Not, Rule, Some, parse_rule


def parsed(rule: str, section: str = "http") -> Rule | None:
    """The tree of a rule of Traefik 3; None for one that it can't read."""
    try:
        return parse_rule(rule, "tcp" if section == "tcp" else "http")
    except ValueError:
        return None


def matches(rule: Rule) -> Iterator[Match]:
    """All matchers of a rule, those under a `!` too."""
    if isinstance(rule, Match):
        yield rule
    elif isinstance(rule, Not):
        yield from matches(rule.item)
    elif isinstance(rule, Every | Some):
        for item in rule.items:
            yield from matches(item)
