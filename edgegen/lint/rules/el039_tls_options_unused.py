"""TLS options that Traefik can't apply.

What it does
    Reports a router with `tls.options` whose rule names no host, and routers of one host with different options.

Why
    The options are chosen by the host of the TLS handshake, before there is a request. Traefik logs an error and uses
    the default options: a minimum version or a client certificate that was asked for is not required.

Example
    ``traefik.http.routers.api.rule=PathPrefix(`/api`)`` with `traefik.http.routers.api.tls.options=modern@file`

Instead
    Add the host to the rule (``Host(`example.com`) && PathPrefix(`/api`)``), and give all routers of a host the same
    options.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.defined import full_name
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import may_meet

RULE = Rule("EL039", "tls-options-unused", Severity.MEDIUM)
_OPTION = "tls.options"
_HOSTS = ("Host", "HostSNI")
_DEFAULT = ("", "default")


def check(project: Project) -> Iterator[Found]:
    """Routers with TLS options."""
    edge = edge_of(project)
    routers = list(_with_tls(edge))
    for router, hosts in routers:
        if not hosts and router.section == "http":
            message = f"the rule of `{shown(router.name)}` names no host, so Traefik does not apply its TLS options"
            yield Found(router.owner, message, router.place(_OPTION), "add a host to the rule")
    yield from _differing(edge, routers)


def _with_tls(edge: Edge) -> Iterator[tuple[Defined, frozenset[str]]]:
    """Routers that have options and a rule that can be read."""
    from edgegen.traefik.rule_syntax import matches, parsed  # few routers have options

    for router in edge.of("routers"):
        if router.section == "udp" or router.text(_OPTION) in _DEFAULT or not router.text("rule"):
            continue
        if tree := parsed(router.text("rule"), router.section):
            named = (item for item in matches(tree, negated=False) if item.name in _HOSTS)
            yield router, frozenset(item.args[0].lower() for item in named)


def _differing(edge: Edge, routers: list[tuple[Defined, frozenset[str]]]) -> Iterator[Found]:
    first: dict[str, Defined] = {}
    for router, hosts in routers:
        if router.section != "http" or not edge.takes(router):
            continue
        other = next((first[host] for host in sorted(hosts) if host in first), None)
        for host in hosts:
            first.setdefault(host, router)
        if other is not None and _named(router) != _named(other) and may_meet(edge.traefik, router, other):
            message = (
                f"`{shown(router.name)}` and `{shown(other.name)}` have one host and different TLS options: Traefik "
                "uses the default ones for it"
            )
            hint = "give both the same options"
            yield Found(router.owner, message, router.place(_OPTION), hint, confidence=Confidence.MEDIUM)


def _named(router: Defined) -> str:
    return full_name(router.text(_OPTION), router.provider)
