"""On which networks of the engine a service and its Traefik are. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from edgegen.lint.edge import Edge
from edgegen.lint.model import Project, Service, Value


class On(Struct, frozen=True):
    """A network of a service. `real` is the engine's name, None where it is unknown."""

    key: str
    real: str | None
    prefixed: bool
    """Whether its real name begins with the project's."""


def joined(project: Project, service: Service) -> list[On]:
    """The service's networks."""
    found = []
    for key in service.networks or ("default",):
        network = project.networks.get(key)
        if network is None:
            is_own = key == "default"  # any other is declared in a file that is not here
            found.append(On(key, f"{project.name}_{key}" if is_own and project.name else None, is_own))
            continue
        real = network.real_name
        found.append(On(key, real, not network.external and (real is None or real.endswith(f"_{key}"))))
    return found


def network_label(edge: Edge, service: Service) -> Value | None:
    """The label that tells Traefik which network to use."""
    said = edge.label(service, "traefik.docker.network", "traefik.swarm.network")
    return said[1] if said else None


def routed_containers(edge: Edge) -> tuple[Service, ...]:
    """Services whose own containers a router leads to, as far as that can be seen, on their own networks."""
    found: tuple[Service, ...] | None = edge.__dict__.get("_routed")
    if found is None:
        found = edge.__dict__["_routed"] = tuple(_routed(edge))
    return found


def _routed(edge: Edge) -> Iterator[Service]:
    for service, _ in edge.labelled:
        if service.network_mode is not None or service.partial or edge.shown(service) is False:
            continue
        services = edge.of_service(service.name, "services")
        own = any("@" not in router.text("service") for router in edge.of_service(service.name, "routers"))
        if (own or services) and not any(item.has("loadbalancer.server.url") for item in services):
            yield service
