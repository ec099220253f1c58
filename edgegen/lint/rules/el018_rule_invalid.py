"""A router's rule that Traefik can't read.

What it does
    Parses each rule as the router's version of Traefik does: Traefik 3's syntax, or that of version 2 where the image,
    `core.defaultRuleSyntax` or the label `rulesyntax` says so.

Why
    Traefik disables the router, and requests get 404.

Example
    ``Host(`a.example.com`,`b.example.com`)`` (version 2), or `Host(a.example.com)`

Instead
    ``Host(`a.example.com`) || Host(`b.example.com`)``. A longer rule has a higher default priority: look at routers
    that match the same requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.corrections import set_to, unquoted
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Project
from edgegen.lint.router_rules import fault_of, section_of, syntax_of
from edgegen.lint.rule import Confidence, Fix, Found, Rule
from edgegen.traefik.rule_words import fault_of_version_2, rule_fault
from edgegen.traefik.since import host_takes_wildcards

if TYPE_CHECKING:
    from edgegen.traefik.rule_syntax import Section

RULE = Rule("EL018", "rule-invalid", Severity.HIGH)
_LIST = late_pattern(r"\b(Host|HostSNI|Path|PathPrefix|Method|ClientIP)\(((?:\s*`[^`]*`\s*,)+\s*`[^`]*`)\s*\)")
_PLAIN = late_pattern(
    r"Host\(`[a-zA-Z0-9.-]+`\)(?: (?:&&|\|\|) (?:Host\(`[a-zA-Z0-9.-]+`\)|PathPrefix\(`/[^`{*?#]*`\)))*"
)
"""What most rules look like. They need no closer look."""
_WILDCARD = late_pattern(r"\bHost\([^)]*[`\"]\*")
_HOST = late_pattern(r"\bHost\(`([^`]*)`\)")
_NAME = late_pattern(r"[\w.*-]+|\[[0-9a-fA-F:.]+\]|[0-9a-fA-F:]{2,}:[0-9a-fA-F:]*|.*[<{].*")
"""What Traefik takes as a host. An address of IPv6 is one, and `<domain>` is for a person to fill in."""
_NAMED = late_pattern(
    r"\b(?:Path|PathPrefix)\(`[^`]*?(?P<path>\{[A-Za-z_]\w*(?::[^`]*?)?\})"
    r"|Regexp\(`[^`]*?(?P<regex>(?<!\\[pPx])\{[A-Za-z_]\w*:[^`]*?\})"
    r"|\bHost(?:SNI)?\(`[^`]*?(?P<host>\{[A-Za-z_]\w*:[^`]*?\})"
)
"""`{name}` and `{name:regex}` of Traefik 2: to Traefik 3 they are text."""
_LITERAL = late_pattern(r"\b(Path|PathPrefix)\(`([^`*?#{]*)([*?#])[^`]*`\)")
"""A path with what looks like a pattern or a query."""
_PAIR = late_pattern(r"\bQuery\(`([^`=]+)=([^`]*)`\)")
_BARE = late_pattern(r"\b(Host|HostSNI|Path|PathPrefix|HostRegexp|PathRegexp)\(\s*['\"]?([^`'\"(),\s]+)['\"]?\s*\)")


def check(project: Project) -> Iterator[Found]:
    """Rules of HTTP and TCP routers."""
    edge = edge_of(project)
    for router in edge.of("routers"):
        rule = router.text("rule")
        if router.section == "udp" or not rule.strip() or (router.section == "http" and _PLAIN.fullmatch(rule)):
            continue
        section, syntax = section_of(router), syntax_of(edge, router, project.version)
        fault = fault_of(edge, router, project.version)
        if fault:
            meant = _meant(rule, section) if syntax == "v3" else ""
            hint = f"did you mean ``{shown(meant, 200)}``?" if meant else ""
            value = router.value("rule")
            quotes, correction = unquoted(router.item.label("rule"), value) if router.item and value else ("", None)
            why = fault.partition("; did you mean")[0] if hint else fault
            which = "Traefik" if project.version or syntax == "v2" else "Traefik 3"
            message = f"{which} can't read the rule of `{shown(router.name)}`, and disables the router: {why}"
            unsure = project.version is None and not router.text("rulesyntax") and fault_of_version_2(rule, section)
            severity, confidence = (Severity.MEDIUM, Confidence.MEDIUM) if unsure else (None, None)
            correction = correction or _fix(router, rule, meant)
            yield Found(
                router.owner, message, router.place("rule"), quotes or hint, severity, confidence, fix=correction
            )
        elif _WILDCARD.search(rule) and not host_takes_wildcards(project.version):
            message = f"before Traefik 3.7 no host matches the `*` in the rule of `{shown(router.name)}`"
            yield Found(router.owner, message, router.place("rule"), "use HostRegexp", Severity.MEDIUM)
        elif syntax == "v3" and (
            odd := next((name for name in _HOST.findall(rule) if not _NAME.fullmatch(name)), None)
        ):
            message = f"no request is for the host `{shown(odd)}`, which the rule of `{shown(router.name)}` asks for"
            hint = "write only the name, one in each Host(), without scheme, port and path"
            yield Found(router.owner, message, router.place("rule"), hint, Severity.MEDIUM)
        elif syntax == "v3" and project.version is not None and (named := _NAMED.search(rule)):
            part = shown(named["path"] or named["regex"] or named["host"], 120)
            message = f"Traefik 3 reads `{part}` in the rule of `{shown(router.name)}` literally: no request matches it"
            hint = "write a regular expression: ``HostRegexp(`^[a-z]+\\.example\\.com$`)``, ``PathRegexp(`^/[0-9]+`)``"
            yield Found(router.owner, message, router.place("rule"), hint, Severity.MEDIUM)
        else:
            yield from _unmatched(router, rule, asks_version_3=syntax == "v3" and project.version is not None)


def _unmatched(router: Defined, rule: str, *, asks_version_3: bool) -> Iterator[Found]:
    """Paths and queries that Traefik accepts and no request can match."""
    name, spot = shown(router.name), router.place("rule")
    if literal := _LITERAL.search(rule):
        message = f"`{literal[3]}` in a path is a plain character: no request matches it in the rule of `{name}`"
        yield Found(router.owner, message, spot, _of_path(*literal.groups()), Severity.MEDIUM)
    elif asks_version_3 and (pair := _PAIR.search(rule)):
        message = f"Traefik 3 looks for a parameter called `{shown(pair[1])}=…` in the rule of `{name}`"
        hint = f"write ``Query(`{shown(pair[1])}`, `{shown(pair[2])}`)``"
        yield Found(router.owner, message, spot, hint, Severity.MEDIUM)


def _of_path(matcher: str, before: str, mark: str) -> str:
    if mark != "*":
        return "a path ends before it: match a query with Query, and a fragment is never sent"
    if matcher == "PathPrefix" and before.rstrip("/"):
        return f"PathPrefix takes whatever follows: ``PathPrefix(`{shown(before.rstrip('/'))}`)``"
    return "write a regular expression: ``PathRegexp(`^/…$`)``"


def _meant(rule: str, section: Section) -> str:
    """The rule as it was meant, where that is clear and Traefik takes it."""
    meant = _LIST.sub(_joined, _quoted(rule)).replace("HostHeader(", "Host(").replace("Headers(", "Header(")
    meant = meant.replace("HeadersRegexp(", "HeaderRegexp(")
    return "" if rule_fault(meant, "v3", section) else meant


def _quoted(rule: str) -> str:
    return _BARE.sub(r"\1(`\2`)", rule)


def _fix(router: Defined, rule: str, meant: str) -> Fix | None:
    """Only back-ticks: any other change would give the rule another default priority, or is a guess."""
    value = router.value("rule")
    if router.item is None or value is None or not meant or meant != _quoted(rule):
        return None
    return set_to(router.item.label("rule"), value, meant)


def _joined(found: re.Match[str]) -> str:
    parts = [f"{found[1]}({part.strip()})" for part in found[2].split(",")]
    whole = " || ".join(parts)
    return whole if found[0] == found.string.strip() else f"({whole})"
