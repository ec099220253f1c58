"""What routers lead to: Traefik builds a middleware or a service only where a router needs it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.lint.defined import full_name
from edgegen.lint.edge import Defined, Edge

Key = tuple[str, str, str]
"""Section, kind, full name."""


def is_used(edge: Edge, item: Defined) -> bool:
    """Whether a router here needs it."""
    return (item.section, item.kind, item.full) in used(edge)


def used(edge: Edge) -> frozenset[Key]:
    """All middlewares and services that routers here need, by way of others too. Computed once for each project."""
    found: frozenset[Key] | None = edge.__dict__.get("_used")
    if found is None:
        found = edge.__dict__["_used"] = frozenset(_reached(edge))
    return found


def _reached(edge: Edge) -> set[Key]:
    found: set[Key] = set()
    left = list(_first(edge))
    while left:
        key = left.pop()
        if key in found:
            continue
        found.add(key)
        for item in edge.by_name.get(key, ()):
            left += _next(item)
    return found


def _first(edge: Edge) -> Iterator[Key]:
    for router in edge.of("routers"):
        yield from (_key(router, "middlewares", name) for name in router.words("middlewares"))
        if name := router.text("service"):
            yield _key(router, "services", name)
        elif router.service is not None:
            yield from _of_container(edge, router.service.name, router.section)
    for name, items in edge.by_service.items():
        if not any(item.kind == "routers" and item.section == "http" for item in items):
            yield from _of_container(edge, name, "http")  # Traefik makes a router for it
    for traefik in edge.project.traefiks:
        for option, value in traefik.static.options.items():
            if option.endswith(".http.middlewares"):
                names = (name.strip() for name in value.text.split(","))
                yield from (("http", "middlewares", full_name(name, edge.provider)) for name in names)


def _of_container(edge: Edge, service: str, section: str) -> Iterator[Key]:
    return ((section, "services", item.full) for item in edge.of_service(service, "services", section))


def _next(item: Defined) -> Iterator[Key]:
    yield from (_key(item, "middlewares", name) for name in item.words("chain.middlewares"))
    for option in ("errors.service", "mirroring.service", "failover.service", "failover.fallback"):
        if name := item.text(option):
            yield _key(item, "services", name)
    for name in item.below("weighted.services", "name"):
        yield _key(item, "services", name)


def _key(user: Defined, kind: str, name: str) -> Key:
    return (user.section, kind, full_name(name, user.provider))
