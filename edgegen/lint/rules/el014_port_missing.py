"""A container whose port Traefik can't know.

What it does
    On a swarm: reports a service whose labels have no `loadbalancer.server.port`. Elsewhere Traefik takes the lowest
    port that the container exposes; this reports where the files don't show one, and where they show several.

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
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL014", "port-missing", Severity.HIGH)
_PORT = "loadbalancer.server.port"
_URL = ("loadbalancer.server.url", "loadbalancer.server.address")


def check(project: Project) -> Iterator[Found]:
    """Services without a port."""
    edge = edge_of(project)
    unseen = []
    for service, _ in edge.labelled:
        without = list(_without_port(edge, service))
        if not without or service.partial:
            continue
        if project.mode is Mode.SWARM:
            yield _on_a_swarm(service, without[0])
        elif not service.expose and not service.ports:
            unseen.append((service, without[0]))
        elif not _leads_elsewhere(edge, without[0]):
            yield from _lowest(service, without[0])
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


def _leads_elsewhere(edge: Edge, item: Defined) -> bool:
    """Whether each of the container's routers names another provider's service, as the dashboard's does."""
    if item.service is None or item.kind == "services":
        return False
    names = [other.text("service") for other in edge.of_service(item.service.name, "routers", item.section)]
    return bool(names) and all("@" in name and not name.endswith(f"@{item.provider}") for name in names)


def _on_a_swarm(service: Service, item: Defined) -> Found:
    message = f"the swarm service `{service.name}` has no port in its labels, and Traefik drops it"
    return Found(service.name, message, item.spot, f"add `{_label(item)}`")


def _label(item: Defined) -> str:
    return f"traefik.{item.section}.services.{shown(item.name)}.{_PORT}"


def _lowest(service: Service, item: Defined) -> Iterator[Found]:
    targets = {value.text.partition("/")[0] for value in service.expose} | {port.target for port in service.ports}
    numbers = sorted(int(text) for text in targets if text.isdecimal())
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
