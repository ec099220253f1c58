"""Which services of a project Traefik routes to by their labels."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Project, Service
from edgegen.lint.views.published import number_of
from edgegen.traefik.go_values import TRUE


class Routed(Struct, frozen=True, eq=False):
    """A service with the routers that lead to it, or that its labels define."""

    service: Service
    routers: tuple[Defined, ...] = ()
    ports: frozenset[int] = field(default_factory=frozenset)
    """The ports that its labels name."""


def routed(project: Project) -> Mapping[str, Routed]:
    """Name -> service, for each that has a router, or that `traefik.enable` publishes. Computed once a project."""
    found: dict[str, Routed] | None = project.__dict__.get("_routed")
    if found is None:
        found = _routed(project)
        project.__dict__["_routed"] = found
    return found


def _routed(project: Project) -> dict[str, Routed]:
    routers: dict[str, list[Defined]] = {}
    ports: dict[str, set[int]] = {}
    for item in edge_of(project).defined:
        if item.service is None:
            continue
        if item.kind == "routers" and "@internal" not in item.text("service"):
            routers.setdefault(item.service.name, []).append(item)
        if item.kind == "services" and (port := number_of(item.text("loadbalancer.server.port"))):
            ports.setdefault(item.service.name, set()).add(port)
    found = {}
    hides = edge_of(project).exposed_by_default is False
    for service, labels in project.labelled:
        enable = labels.get("traefik.enable")
        said = enable.text in TRUE if enable is not None and enable.known else None
        own = routers.get(service.name, [])
        only_internal = not own and any(key.lower().startswith("traefik.http.routers.") for key in labels)
        if said is False or (said is None and hides) or only_internal or not (own or said):
            continue
        found[service.name] = Routed(service, tuple(own), frozenset(ports.get(service.name, ())))
    return found
