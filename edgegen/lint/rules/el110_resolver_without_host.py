"""A certificates resolver that has no name to order for.

What it does
    Reports a router with a resolver, its own or that of all its entrypoints, whose rule has no `Host` or `HostSNI`, and
    that lists no domains. An entrypoint's domains only count for routers that have no `tls`.

Why
    Traefik takes the names of a certificate from `tls.domains`, or else from the rule. It orders none for a path or a
    regular expression, and only its debug log says so; for ``HostSNI(`*`)`` it orders one that every authority
    refuses. Browsers get Traefik's own self-signed certificate, where no other router has one for the host.

Example
    ``traefik.http.routers.web.rule=PathPrefix(`/api`)`` with `traefik.http.routers.web.tls.certresolver=le`

Instead
    ``traefik.http.routers.web.rule=Host(`example.com`) && PathPrefix(`/api`)``, or
    `traefik.http.routers.web.tls.domains[0].main=example.com`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.router_rules import section_of
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import router_entrypoints
from edgegen.traefik.go_values import TRUE
from edgegen.traefik.rule_hosts import hosts_of
from edgegen.traefik.rule_words import rule_fault

if TYPE_CHECKING:
    pass

RULE = Rule("EL110", "resolver-without-host", Severity.MEDIUM, Confidence.MEDIUM)
_OPTION = "tls.certresolver"
_NAMED = late_pattern(r"\bHost(?:SNI|Header)?\(", re.IGNORECASE)
_ANY = ("*",)


def check(project: Project) -> Iterator[Found]:
    """Routers that get certificates by a resolver."""
    edge = edge_of(project)
    lacking = [router for router in edge.of("routers") if router.whole and _names_none(router)]
    covered = lacking and _others_have_names(edge)
    for router in lacking:
        resolver = router.text(_OPTION) or _of_entrypoints(edge, router)
        known = edge.resolvers is None or resolver in edge.resolvers
        if not resolver or not known or router.has("tls.domains") or router.text("tls.passthrough") in TRUE:
            continue  # another rule looks for resolvers that don't exist, and at what is passed through
        name, kind = shown(router.name), shown(resolver)
        if hosts_of(router.text("rule")) == _ANY:
            message = f"every authority refuses the certificate for `*` that `{kind}` orders for `{name}`"
        else:
            message = f"`{kind}` orders no certificate for `{name}`: its rule names no host"
        hint = f"name a host in the rule, or add `traefik.{router.section}.routers.{name}.tls.domains[0].main=…`"
        place = router.place(_OPTION) if router.has(_OPTION) else router.place("rule")
        yield Found(router.owner, message, place, hint, Severity.LOW if covered else None)


def _names_none(router: Defined) -> bool:
    """Whether Traefik can read the rule, and no host is in it. A host in another form than a name counts as one."""
    rule = router.text("rule")
    if not rule.strip() or router.section == "udp" or hosts_of(rule) not in ((), _ANY):
        return False
    if _NAMED.search(rule) and not hosts_of(rule):
        return False
    section = section_of(router)
    return not (rule_fault(rule, "v3", section) and rule_fault(rule, "v2", section))


def _of_entrypoints(edge: Edge, router: Defined) -> str:
    """The resolver that an HTTP router has by its entrypoints: each of them has one, and no domains."""
    names = router_entrypoints(edge.traefik, router)
    if edge.traefik is None or edge.traefik.static.hidden or router.section != "http" or router.has("tls") or not names:
        return ""
    static = edge.traefik.static
    resolvers = [static.get(f"entrypoints.{name.lower()}.http.{_OPTION}") for name in names]
    lists = tuple(f"entrypoints.{name.lower()}.http.tls.domains" for name in names)
    if any(option.startswith(lists) for option in static.options):
        return ""
    return next((said.text for said in resolvers if said and said.known), "") if all(resolvers) else ""


def _others_have_names(edge: Edge) -> bool:
    """Whether there may be a certificate for the hosts that a rule without one serves."""
    static = edge.traefik.static if edge.traefik else None
    if static and any(".http.tls.domains" in option for option in static.options):
        return True
    named = any(router.has("tls.domains") or _has_hosts(router) for router in edge.of("routers"))
    return named or edge.may_have_certificates


def _has_hosts(router: Defined) -> bool:
    return router.has(_OPTION) and hosts_of(router.text("rule")) not in ((), _ANY)
