"""`edge: none`: the same services without an edge. Nothing has a public name; only published ports are reachable."""

from __future__ import annotations

from edgegen.spec.edge import Spec
from edgegen.spec.service import ServiceBase
from edgegen.spec.shared import NoEdge


def without_edge(spec: Spec) -> Spec:
    """The spec as it means itself: unchanged unless it says `edge: none`."""
    if not isinstance(spec.edge, NoEdge):
        return spec
    services = {name: service.without_edge() for name, service in spec.services.items() if service.runs_here}
    hidden = tuple(
        name
        for name, service in services.items()
        if spec.services[name].own_hosts and not service.own_hosts and not _publishes(service)
    )
    edge = NoEdge(left_out=tuple(name for name in spec.services if name not in services), hidden=hidden)
    return spec.model_copy(update={"services": services, "edge": edge, "middlewares": {}})


def _publishes(service: ServiceBase) -> bool:
    return bool(service.extra.get("ports") or (service.as_container and service.as_container.ports))
