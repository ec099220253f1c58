"""Whether one rule surely matches every request that another one matches. Never says so where it is not sure. Pure."""

from __future__ import annotations

from itertools import product

from edgegen.traefik.rule_reach import found_by
from edgegen.traefik.rule_syntax import Every, Match, Not, Rule, Some

_MOST = 64
"""Alternatives of one rule that are looked at."""
Part = Match | Not


def covers(wide: Rule, narrow: Rule) -> bool:
    """Whether each alternative of `narrow` lies within one of `wide`."""
    ways, alternatives = _alternatives(wide), _alternatives(narrow)
    return bool(ways and alternatives) and all(
        any(all(_follows(part, given) for part in way) for way in ways) for given in alternatives
    )


def _alternatives(rule: Rule) -> list[tuple[Part, ...]]:
    """The rule as `||` of `&&`; nothing for one with more alternatives than are looked at."""
    if isinstance(rule, Some):
        found = [way for item in rule.items for way in _alternatives(item)]
        return found if len(found) <= _MOST and all(map(_alternatives, rule.items)) else []
    if isinstance(rule, Every):
        parts = [_alternatives(item) for item in rule.items]
        count = 1
        for part in parts:
            count *= len(part)
        return [tuple(one for way in ways for one in way) for ways in product(*parts)] if 0 < count <= _MOST else []
    return [(rule,)]


def _follows(part: Part, given: tuple[Part, ...]) -> bool:
    """Whether a request that has all that is given has this, too."""
    if part in given:
        return True
    if isinstance(part, Not):
        return False
    return any(_within(one, part) for one in given if isinstance(one, Match))


def _within(narrow: Match, wide: Match) -> bool:
    mine, whole = narrow.args[-1], wide.args[-1]
    if wide.name == "Host":
        return narrow.name == "Host" and _host(mine) == _host(whole)
    if wide.name == "HostRegexp":
        return narrow.name == "Host" and "*" not in mine and found_by(whole, _host(mine)) is True
    if wide.name == "PathPrefix":
        return whole == "/" or (narrow.name in ("Path", "PathPrefix") and mine.startswith(whole))
    return False


def _host(text: str) -> str:
    return text.lower().removesuffix(".")
