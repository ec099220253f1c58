"""A TLS router that gets Traefik's own certificate.

What it does
    Reports a router with `tls` and no `certresolver`, if the project's Traefik has resolvers and no other certificate
    can cover its host: no list of domains, no certificates in dynamic files, no other router with its host. A resolver
    of the entrypoint does not count (severity medium): `tls` of a router replaces all that the entrypoint says of TLS.

Why
    Traefik serves it with its own self-signed certificate, and browsers warn.

Example
    `traefik.http.routers.web.tls=true`, where other routers have `tls.certresolver=le`

Instead
    `traefik.http.routers.web.tls.certresolver=le`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.label_faults import label_faults
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import router_entrypoints
from edgegen.traefik.rule_hosts import hosts_of

RULE = Rule("EL031", "default-certificate", Severity.LOW, Confidence.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """TLS routers of a Traefik with resolvers."""
    edge = edge_of(project)
    if not edge.resolvers or edge.traefik is None or not edge.files_are_sure or _others_cover(edge):
        return
    lacking = [router for router in edge.of("routers") if _lacks(router)]
    if not lacking:
        return
    resolved = (router for router in edge.of("routers") if router.has("tls.certresolver") or _inherits(edge, router))
    with_resolver = {host for router in resolved for host in hosts_of(router.text("rule"))}
    dropped = {service.name for service, _, _, fault in label_faults(project) if fault.drops_container}
    for router in lacking:
        if router.service is not None and router.service.name in dropped:
            continue  # the label that drops it may be its misspelt resolver
        hosts = hosts_of(router.text("rule"))
        replaced = _of_entrypoints(edge, router)
        if hosts and not with_resolver.intersection(hosts) and (replaced or not _has_default(edge)):
            yield _found(router, replaced, next(iter(edge.resolvers)))


def _found(router: Defined, replaced: str, name: str) -> Found:
    label = f"traefik.{router.section}.routers.{shown(router.name)}.tls"
    message = f"the router `{shown(router.name)}` has TLS and no `certresolver`: Traefik's own certificate serves it"
    hint = f"add `{label}.certresolver={name}`"
    if replaced:
        message = (
            f"`tls` of the router `{shown(router.name)}` replaces that of its entrypoint with the resolver "
            f"`{shown(replaced)}`: Traefik's own certificate serves it"
        )
        hint = f"remove `{label}`, or add `{label}.certresolver={shown(replaced)}`"
    return Found(router.owner, message, router.place("tls"), hint, Severity.MEDIUM if replaced else None)


def _of_entrypoints(edge: Edge, router: Defined) -> str:
    """The resolver that all entrypoints of a router have; "" where one has none."""
    static = edge.traefik.static if edge.traefik else None
    if static is None or not router.knows("entrypoints") or router.section != "http":
        return ""
    names = router_entrypoints(edge.traefik, router)
    found = [static.get(f"entrypoints.{name}.http.tls.certresolver") for name in names]
    return found[0].text if found and found[0] is not None and None not in found else ""


def _inherits(edge: Edge, router: Defined) -> bool:
    """Whether its entrypoint orders the certificate, or may do so."""
    return not router.has_tls and _has_default(edge)


def _has_default(edge: Edge) -> bool:
    """Whether some entrypoint has a resolver."""
    static = edge.traefik.static if edge.traefik else None
    return static is not None and any(option.endswith(".http.tls.certresolver") for option in static.options)


def _lacks(router: Defined) -> bool:
    return (
        router.item is not None
        and router.whole
        and router.has_tls
        and not router.has("tls.certresolver")
        and not router.has("tls.passthrough")
    )


def _others_cover(edge: Edge) -> bool:
    """Whether some certificate may cover any host."""
    static = edge.traefik.static if edge.traefik else None
    if static and any(".http.tls.domains" in option for option in static.options):
        return True
    return edge.may_have_certificates or any(_names_domains(router) for router in edge.of("routers"))


def _names_domains(router: Defined) -> bool:
    """Whether it asks for a certificate of its own choice, in whatever way the words are misspelt."""
    if router.item is None:
        return router.has("tls.domains")
    return any(option.startswith("tls.domains") for option in router.item.options)
