"""A container that Traefik publishes under its own name.

What it does
    Reports a service with `traefik.enable=true` and no router in its labels.

Why
    Traefik makes a router for it with its default rule, ``Host(`<service>-<project>`)``, on all entrypoints: whoever
    sends that name as the host reaches it, without any middleware.

Example
    `traefik.enable=true` and nothing else, or only middlewares for others

Instead
    Add a router. If the labels only define middlewares, let the router lead to `noop@internal`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL028", "default-rule", Severity.LOW, Confidence.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Enabled services without a router."""
    edge = edge_of(project)
    seen = edge.traefik is not None
    if edge.provider_option("defaultrule"):
        return  # somebody wants it so
    for service, _ in edge.labelled:
        enable = edge.label(service, "traefik.enable")
        if enable is None or not edge.shown(service) or service.partial:
            continue
        items = edge.by_service.get(service.name, ())
        if len(edge.of_service(service.name, "services", "http")) > 1:
            continue  # Traefik can't choose, so there is no router
        tcp = bool(items) and not any(item.section == "http" for item in items)
        if tcp or edge.of_service(service.name, "routers", "http"):
            continue
        if project.mode is Mode.SWARM and not items:
            continue  # without a port there is no router either
        message = f"`{service.name}` is enabled and has no router: Traefik publishes it under its container's name"
        severity = None if seen else Severity.INFO
        yield Found(service.name, message, enable[1].spot.of_key, "add a router with a rule", severity)
