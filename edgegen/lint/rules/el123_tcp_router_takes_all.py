"""A TCP router that takes the plain HTTP of its entrypoints.

What it does
    Reports a TCP router with the rule ``HostSNI(`*`)`` and without TLS on an entrypoint that also has something for
    plain HTTP: a router, the redirection to https, or the HTTP challenge. A router without `entrypoints` is on all of
    them.

Why
    Traefik asks TCP routers first, and this rule matches every connection without TLS. On that entrypoint no HTTP
    router, redirection or challenge gets a request any more: browsers see the banner of an SSH server or nothing, and
    certificates are not renewed. Everything is shown as enabled.

Example
    ``traefik.tcp.routers.git.rule=HostSNI(`*`)`` without `traefik.tcp.routers.git.entrypoints`

Instead
    `traefik.tcp.routers.git.entrypoints=ssh`, a separate entrypoint
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project, Static
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import is_for_http_challenge, router_entrypoints
from edgegen.traefik.rule_hosts import hosts_of

RULE = Rule("EL123", "tcp-router-takes-all", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each such router of the project's only Traefik."""
    edge = edge_of(project)
    if edge.traefik is None or edge.entrypoints is None:
        return
    for router in edge.of("routers", "tcp"):
        if not _takes_all(edge, router):
            continue
        for name in router_entrypoints(edge.traefik, router):
            if taken := _taken(edge, edge.traefik.static, name):
                yield _found(router, name, taken)
                break


def _found(router: Defined, name: str, taken: str) -> Found:
    message = (
        f"the TCP router `{shown(router.name)}` takes every connection without TLS on `{shown(name)}`: {taken} never "
        "gets one"
    )
    place = router.place("entrypoints") if router.words("entrypoints") else router.place("rule")
    return Found(router.owner, message, place, f"give it a separate entrypoint, other than `{shown(name)}`")


def _takes_all(edge: Edge, router: Defined) -> bool:
    rule = "".join(router.text("rule").split()).lower()
    plain = rule in ("hostsni(`*`)", 'hostsni("*")') and hosts_of(router.text("rule")) == ("*",)
    return plain and router.known and router.whole and edge.takes(router) and not router.has_tls


def _taken(edge: Edge, static: Static, name: str) -> str:
    """What of an entrypoint is for plain HTTP."""
    address = static.get(f"entrypoints.{name}.address")
    if address is not None and address.text.lower().endswith("/udp"):
        return ""
    if static.get(f"entrypoints.{name}.http.redirections.entrypoint.to"):
        return "the redirection to https"
    if is_for_http_challenge(static, name):
        return "the HTTP challenge"
    if static.has(f"entrypoints.{name}.http.tls"):
        return ""
    for router in edge.of("routers", "http"):
        if name in router.words("entrypoints") and edge.takes(router) and not router.has_tls:
            return f"the HTTP router `{shown(router.name)}`"
    return ""
