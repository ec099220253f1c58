"""A service on several networks that does not say which one Traefik uses.

What it does
    Reports a routed service on two or more networks without a network label, if the project's Traefik has no
    `providers.docker.network` and is not on all of them.

Why
    Traefik takes one of them. If that is a network that Traefik is not on, requests end in 504, sometimes only after a
    restart.

Example
    `networks: [proxy, internal]` without a network label

Instead
    `traefik.docker.network=proxy` (its real name), or `--providers.docker.network=proxy` for all services
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Project, Service
from edgegen.lint.networks import joined, network_label, routed_containers
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL012", "network-ambiguous", Severity.MEDIUM, Confidence.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Routed services with a choice of networks."""
    edge = edge_of(project)
    for service in routed_containers(edge):
        if len(service.networks) > 1 and network_label(edge, service) is None:
            yield from _of_service(edge, service)


def _of_service(edge: Edge, service: Service) -> Iterator[Found]:
    if edge.traefik is None:
        severity, where, unless = Severity.LOW, "", f", unless it has `providers.{edge.provider}.network`"
    elif edge.provider_option("network") or _shares_all(edge, service):
        return
    else:
        severity, where, unless = Severity.MEDIUM, ", and Traefik is not on all of them", ""
    keys = ", ".join(on.key for on in joined(edge.project, service))
    message = (
        f"`{service.name}` is on several networks ({keys}){where}: Traefik may take one that it can't reach{unless}"
    )
    hint = f"add `traefik.{edge.provider}.network` with the real name of the network that both are on"
    yield Found(service.name, message, service.spot, hint, severity)


def _shares_all(edge: Edge, service: Service) -> bool:
    own = edge.traefik.service if edge.traefik else None
    if own is None or own.network_mode is not None:
        return True  # with the host's network it reaches every bridge
    return set(service.networks) <= set(own.networks)
