"""Whole layers kept in memory or on the disk of the proxy.

What it does
    Reports a `buffering` middleware before a registry, and `compress` as low.

Why
    `buffering` stores each layer as a whole before it goes on, and refuses those above its limit with 413. It does
    not allow larger uploads: Traefik itself has no limit. Layers are compressed already, so `compress` only
    costs time.

Example
    `traefik.http.middlewares.limit.buffering.maxrequestbodybytes=2000000000` at a registry

Instead
    No such middleware, and `readtimeout=0` on the entrypoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.guards import kinds_before
from edgegen.lint.views.registries import registries

RULE = Rule("EL088", "registry-buffering", Severity.MEDIUM)

WEIGHT = {"buffering": None, "compress": Severity.LOW}
WHY = {
    "buffering": "stores every layer as a whole before it goes on",
    "compress": "compresses layers that are compressed already",
}


def check(project: Project) -> Iterator[Found]:
    """Each such middleware of each router, those in chains and of entrypoints too."""
    for registry in registries(project):
        told: set[str] = set()
        for router in registry.routers:
            for kind, name, spot in kinds_before(edge_of(project), router):
                if kind in WEIGHT and name not in told:
                    told.add(name)
                    message = (
                        f"the middleware `{name}` ({kind}) before the registry `{registry.service.name}` {WHY[kind]}"
                    )
                    yield Found(registry.service.name, message, spot, "remove it from this router", WEIGHT[kind])
