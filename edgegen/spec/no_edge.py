"""`edge: none`: the same services without an edge. Nothing has a public name; only published ports are reachable."""

from __future__ import annotations

from typing import Any

from edgegen.spec.container import Container
from edgegen.spec.edge import AnyService, Spec
from edgegen.spec.shared import NoEdge
from edgegen.spec.tcp import Tcp

_PUBLIC: dict[str, Any] = {
    "host": None, "hosts": [], "aliases": [], "path": None, "paths": [], "middlewares": [], "port": None,
    "scheme": "http", "traefik_labels": {},
}  # fmt: skip
"""What a service says of its public side, and how it says nothing."""
_WITHOUT_CONTAINER = ("redirect", "external")


def without_edge(spec: Spec) -> Spec:
    """The spec as it means itself: unchanged unless it says `edge: none`."""
    if not isinstance(spec.edge, NoEdge):
        return spec
    kept = {name: item for name, item in spec.services.items() if item.kind not in _WITHOUT_CONTAINER}
    edge = NoEdge(left_out=tuple(name for name in spec.services if name not in kept), hidden=tuple(_hidden(kept)))
    services = {name: _inside(service) for name, service in kept.items()}
    return spec.model_copy(update={"services": services, "edge": edge, "middlewares": {}})


def _hidden(services: dict[str, AnyService]) -> list[str]:
    """Public services that publish no port of their own."""
    return [
        name
        for name, service in services.items()
        if isinstance(service, Container) and service.own_hosts and not service.ports and not service.extra.get("ports")
    ]


def _inside(service: AnyService) -> AnyService:
    if not isinstance(service, Container):
        return service  # a registry: a rule says what to do about it
    changes = {key: value for key, value in _PUBLIC.items() if key in type(service).model_fields}
    if isinstance(service, Tcp):
        return _container(service, changes)
    return service.model_copy(update=changes)


def _container(service: Tcp, changes: dict[str, Any]) -> Container:
    """A tcp service's `entrypoint` and `listen` are the edge's; what is left is a container."""
    own = {"kind": "container", "entrypoint": None, **changes}
    fields = {name: own.get(name, getattr(service, name)) for name in Container.model_fields}
    return Container.model_construct(service.model_fields_set & set(Container.model_fields), **fields)
