"""A service that its Traefik can't reach.

What it does
    Compares the networks of each routed service with those of the project's Traefik. A network label
    decides which network is compared. `network_mode: bridge` is a network that no other service is on.

Why
    Traefik shows the route as healthy, and every request waits for 30 seconds and ends in 504.

Example
    Traefik on `edge`, and a service with `networks: [internal]`

Instead
    Put both on one network.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.networks import On, joined, network_label, routed_containers
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL013", "network-not-shared", Severity.HIGH, Confidence.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Routed services without a network of Traefik's."""
    edge = edge_of(project)
    own = edge.traefik.service if edge.traefik else None
    if own is None or own.network_mode is not None or own.partial or edge.provider_option("usebindportip"):
        return
    traefiks = joined(project, own)
    for service in routed_containers(edge):
        if service.name != own.name:
            yield from _of_service(edge, own, traefiks, service)
    for service, _ in edge.labelled if project.mode is not Mode.SWARM else ():  # EL112: Swarm ignores the key
        mode = service.network_mode
        leads = bool(edge.of_service(service.name, "routers") or edge.of_service(service.name, "services"))
        if mode is not None and mode.text == "bridge" and mode.known and leads and edge.shown(service) is not False:
            message = f"`{service.name}` is on Docker's default bridge, and Traefik is not: requests end in 504"
            yield Found(service.name, message, mode.spot, "remove `network_mode`, and put both on one network")


def _of_service(edge: Edge, own: Service, traefiks: list[On], service: Service) -> Iterator[Found]:
    networks = joined(edge.project, service)
    keys, real = {on.key for on in traefiks}, {on.real for on in traefiks if on.real}
    common = [on for on in networks if on.key in keys or (on.real and on.real in real)]
    if not common:
        message = f"`{service.name}` shares no network with Traefik (`{own.name}`): requests end in 504"
        yield Found(service.name, message, service.spot, f"put it on {' or '.join(sorted(keys))}")
        return
    said = network_label(edge, service)
    named = next((on for on in networks if on.real == said.text), None) if said else None
    if said and named is not None and named not in common:
        message = f"the label sends Traefik to `{shown(said.text)}`, and Traefik is not on it: requests end in 504"
        known = [on.real or on.key for on in common]
        yield Found(service.name, message, said.spot, f"both are on {', '.join(known)}")
