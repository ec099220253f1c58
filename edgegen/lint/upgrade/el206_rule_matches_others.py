"""A rule that matches other requests with the new Traefik.

What it does
    Reports ``Host(`*.example.com`)``, which matches nothing before Traefik 3.7.0 and then every name with one more
    label; ``Host(`*`)``, which catches everything from 3.7.7 on; and ``PathPrefix(`//…`)``, which only Traefik 3.0
    matches.

Why
    A router that was without requests gets some, or the other way round, and no log says so.

Example
    ``Host(`*.example.com`)``

Instead
    Write the names that are meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.rule import Found, Rule
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.version import Version

RULE = Rule("EL206", "rule-matches-others", Severity.HIGH)
_WILDCARD = re.compile(r"\bHost\(\s*[`\"]\*\.", re.IGNORECASE)
_ANY = re.compile(r"\bHost\(\s*[`\"]\*[`\"]", re.IGNORECASE)
_SLASHES = re.compile(r"\bPath(?:Prefix)?\(\s*[`\"]//", re.IGNORECASE)


def check(way: Way) -> Iterator[Found]:
    """Rules of HTTP routers."""
    for router in way.edge.of("routers", "http"):
        rule = router.text("rule")
        for change in _changes(way, rule):
            yield Found(router.owner, f"the rule of `{shown(router.name)}` {change}", router.place("rule"))


def _changes(way: Way, rule: str) -> Iterator[str]:
    if _WILDCARD.search(rule) and way.passes(Version(3, 7, 0)):
        yield f"matches every name with one more label from Traefik 3.7.0 on, and none with {way.old}"
    if _ANY.search(rule) and way.passes(Version(3, 7, 7)):
        yield f"matches every host from Traefik 3.7.7 on, and none with {way.old}"
    if _SLASHES.search(rule) and way.old.line <= (3, 0) and way.new.line > (3, 0):
        yield f"begins with `//`, which only Traefik 3.0 and older match: {way.new} answers 404"
