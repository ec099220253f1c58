"""A TCP or UDP service that no router leads to.

What it does
    Reports `traefik.tcp.services.NAME` and `traefik.udp.services.NAME` on a container whose labels define no router of
    that kind, where no router elsewhere in the project names the service. If the container publishes ports itself, the
    severity is low. HTTP services are not reported: Traefik adds a router to a container without one, and on a swarm
    the container of a dashboard needs a service with a port, to which no router leads.

Why
    Traefik takes the labels without a word, and adds a missing router for HTTP only: nothing is forwarded.

Example
    `traefik.tcp.services.db.loadbalancer.server.port=5432`, and no `traefik.tcp.routers.…`

Instead
    ``traefik.tcp.routers.db.rule=HostSNI(`db.example.com`)`` and `traefik.tcp.routers.db.entrypoints=…` next to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.uses import is_used

RULE = Rule("EL127", "service-without-router", Severity.MEDIUM, Confidence.MEDIUM)
_MISSING = {"tcp": "rule=HostSNI(`…`)", "udp": "entrypoints=…"}
"""What makes a router."""


def check(project: Project) -> Iterator[Found]:
    """Services of labels, without a router of their container."""
    edge = edge_of(project)
    services = [item for section in _MISSING for item in edge.of("services", section) if item.service is not None]
    if not services or project.partial or any(service.partial for service in project.services.values()):
        return  # a file that is missing may have the router
    for item in services:
        if edge.takes(item) and not is_used(edge, item) and not _may_be_named(edge, item):
            yield _found(item)


def _may_be_named(edge: Edge, item: Defined) -> bool:
    """Whether a router of the container is there, or one of others may name it: its value is unknown."""
    own = item.service.name if item.service else ""
    routers = edge.of("routers", item.section)
    if any(router.owner == own or not router.knows("service") for router in routers):
        return True
    return any(item.full in dynamic.file.text for dynamic in edge.project.dynamic)


def _found(item: Defined) -> Found:
    kind, name = item.section.upper(), shown(item.name)
    message = (
        f"no router leads to the {kind} service `{name}`: Traefik adds one for HTTP only, and forwards nothing to it"
    )
    hint = f"add `traefik.{item.section}.routers.{name}.{_MISSING[item.section]}`, or remove its labels"
    return Found(item.owner, message, item.spot, hint, Severity.LOW if item.service and item.service.ports else None)
