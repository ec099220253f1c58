"""Which requests a rule may match: for a host and a path, an answer that is never too small.

Anything that a host and a path don't decide (headers, methods, addresses) may match or not.
"""

from __future__ import annotations

import re

from edgegen.core.pattern import late_pattern
from edgegen.traefik.rule_syntax import Every, Match, Not, Rule, Some

_HOSTS = ("Host", "HostSNI")
_REPEATS = late_pattern(r"[*+{?]")
_HOST_PATTERNS = ("HostRegexp", "HostSNIRegexp")


def may_match(rule: Rule, host: str, path: str = "/") -> bool:
    """Whether a request for the host, with a path that begins so, may match."""
    return _may(rule, host.lower(), path, wanted=True)


def _may(rule: Rule, host: str, path: str, *, wanted: bool) -> bool:
    """Whether the rule may come out as `wanted`."""
    if isinstance(rule, Not):
        return _may(rule.item, host, path, wanted=not wanted)
    if isinstance(rule, Every | Some):
        together = all if isinstance(rule, Every) is wanted else any
        return together(_may(item, host, path, wanted=wanted) for item in rule.items)
    return _matcher(rule, host, path, wanted=wanted)


def _matcher(rule: Match, host: str, path: str, *, wanted: bool) -> bool:
    if rule.name in _HOSTS:
        return _names(rule.args[0].lower().removesuffix("."), host) is wanted
    if rule.name in _HOST_PATTERNS:
        found = found_by(rule.args[0], host)
        return found is None or found is wanted
    if rule.name in ("Path", "PathPrefix") and wanted:
        asked = rule.args[0]
        return asked.startswith(path) or (rule.name == "PathPrefix" and path.startswith(asked))
    return True


def _names(name: str, host: str) -> bool:
    if name == "*":
        return True
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return name == host


def found_by(pattern: str, host: str) -> bool | None:
    """None for a pattern that Python reads differently from Go, or that may take forever to search with."""
    if len(_REPEATS.findall(pattern)) > 1:
        return None
    try:
        return re.search(pattern, host, re.IGNORECASE) is not None
    except (re.error, RecursionError):
        return None


def only_hosts(rule: Rule) -> frozenset[str] | None:
    """The only hosts that it may match; None where it may match others, or a wildcard's."""
    if isinstance(rule, Every):
        known = [hosts for item in rule.items if (hosts := only_hosts(item)) is not None]
        return min(known, key=len, default=None)
    if isinstance(rule, Some):
        parts = [only_hosts(item) for item in rule.items]
        return None if None in parts else frozenset().union(*(part for part in parts if part is not None))
    named = isinstance(rule, Match) and rule.name in _HOSTS and not rule.args[0].startswith("*")
    return frozenset((rule.args[0].lower().removesuffix("."),)) if isinstance(rule, Match) and named else None


def confined_to(rule: Rule, path: str) -> bool:
    """Whether it surely matches only requests whose path begins so."""
    if isinstance(rule, Every):
        return any(confined_to(item, path) for item in rule.items)
    if isinstance(rule, Some):
        return all(confined_to(item, path) for item in rule.items)
    return isinstance(rule, Match) and rule.name in ("Path", "PathPrefix") and rule.args[0].startswith(path)
