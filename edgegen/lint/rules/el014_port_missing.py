"""A container whose port Traefik can't know.

What it does
    On a swarm: reports a service whose labels have no `loadbalancer.server.port`. Elsewhere Traefik takes the lowest
    port that the container exposes; this reports where the files don't show one, and where they show several. Routers
    to `api@internal`, and such that only redirect to https, need none there.

Why
    Traefik drops the whole container: `port is missing`. A swarm's services never tell their ports, not even where the
    router leads to `api@internal`.

Example
    A stack with ``traefik.http.routers.web.rule=Host(`example.com`)`` and no port

Instead
    `traefik.http.services.web.loadbalancer.server.port=8080`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Outcome, Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.labelled import whole
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.traefik.go_values import as_number

RULE = Rule("EL014", "port-missing", Severity.HIGH)
_PORT = "loadbalancer.server.port"
_OF_1 = ("traefik.port", "traefik.frontend", "traefik.backend")
_URL = ("loadbalancer.server.url", "loadbalancer.server.address")


def check(project: Project) -> Iterator[Found]:
    """Services without a port."""
    edge = edge_of(project)
    unseen = []
    for service, _ in edge.labelled:
        without = list(_without_port(edge, service))
        if project.mode is Mode.SWARM and not edge.by_service.get(service.name) and not service.partial:
            yield from _only_enabled(edge, service)
        if not without or service.partial:
            continue
        if project.mode is Mode.SWARM:
            yield _on_a_swarm(service, without[0])
        elif not service.expose and not service.ports:
            unseen.append((service, without[0]))
        elif item := _served(edge, without[0]):
            yield from _lowest(service, item)
    if unseen:
        yield _unseen(unseen)


def _without_port(edge: Edge, service: Service) -> Iterator[Defined]:
    """One of the service's items of each section for which Traefik needs a port that no label has."""
    if edge.shown(service) is False:
        return
    own = edge.by_service.get(service.name, ())
    sections = {item.section for item in own if item.kind != "middlewares"}
    sections |= {"http"} if any(item.section == "http" for item in own) else set()
    for section in sorted(sections):
        items = [item for item in own if item.section == section]
        services = [item for item in items if item.kind == "services"]
        if not services:
            yield items[0]
        for item in services:
            has_port = item.has(_PORT) and bool(item.text(_PORT) or not item.knows(_PORT))
            if not has_port and not any(item.has(url) for url in _URL):
                yield item


def _served(edge: Edge, item: Defined) -> Defined | None:
    """What requests reach the container by; None where each of its routers leads elsewhere, or only redirects."""
    routers = edge.of_service(item.service.name, "routers", item.section) if item.service else []
    if item.kind == "services" or not routers:
        return item
    return next((router for router in routers if not (_leads_elsewhere(router) or _redirects(edge, router))), None)


def _leads_elsewhere(router: Defined) -> bool:
    """Whether it names another provider's service, as the dashboard's does."""
    name = router.text("service")
    return "@" in name and not name.endswith(f"@{router.provider}")


def _redirects(edge: Edge, router: Defined) -> bool:
    """Whether it answers every request with a redirection to https."""
    used = edge.middlewares_of(router)
    return not router.has_tls and any(item.text("redirectscheme.scheme").lower() == "https" for item in used)


def _only_enabled(edge: Edge, service: Service) -> Iterator[Found]:
    """A service without a router or a port. Traefik 1 takes the port from another label."""
    labels = service.routing_labels(edge.project.mode)
    enable = edge.label(service, "traefik.enable")
    of_1 = any(label.lower().startswith(_OF_1) for label in labels)
    if enable and edge.shown(service) and not of_1 and whole(labels) is labels:
        message = f"the swarm service `{service.name}` has no port in its labels, and Traefik drops it"
        hint = f"add `traefik.http.services.{shown(service.name)}.{_PORT}`"
        yield Found(service.name, message, enable[1].spot.of_key, hint)


def _on_a_swarm(service: Service, item: Defined) -> Found:
    message = f"the swarm service `{service.name}` has no port in its labels, and Traefik drops it"
    return Found(service.name, message, item.spot, f"add `{_label(item)}`")


def _label(item: Defined) -> str:
    name = item.service.name if item.kind == "middlewares" and item.service else item.name
    return f"traefik.{item.section}.services.{shown(name)}.{_PORT}"


def _lowest(service: Service, item: Defined) -> Iterator[Found]:
    targets = {value.text.partition("/")[0] for value in service.expose} | {port.target for port in service.ports}
    numbers = sorted(as_number(text) for text in targets if text.isdecimal())
    if len(numbers) > 1:
        message = f"`{service.name}` exposes {', '.join(map(str, numbers))}, and Traefik takes the lowest, {numbers[0]}"
        yield Found(service.name, message, item.spot, f"say which: `{_label(item)}`", Severity.LOW, Confidence.MEDIUM)


def _unseen(services: list[tuple[Service, Defined]]) -> Found:
    names = [f"`{service.name}`" for service, _ in services]
    first, item = services[0]
    message = (
        f"{', '.join(names[:5])}{', …' * (len(names) > 5)}: no label says the port, and these files don't show which "
        "ports the image exposes"
    )
    return Found(first.name, message, item.spot, f"add `{_label(item)}`", Severity.INFO, outcome=Outcome.UNKNOWN)
