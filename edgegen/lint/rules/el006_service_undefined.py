"""A service that nobody defines.

What it does
    Looks up each service that a router, an `errors` middleware, or a weighted, mirroring or failover service names.
    Traefik's own services (`api@internal`, `ping@internal`, …) must exist and be turned on.

Why
    Traefik disables the router, and requests get 404.

Example
    `traefik.http.routers.web.service=web-app`, where the labels define `traefik.http.services.web.…`

Instead
    `traefik.http.routers.web.service=web`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.data import items
from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.defined import folded
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project, Service
from edgegen.lint.references import Use, disabled, reported
from edgegen.lint.rule import Found, Rule

_MEMBERS = ("weighted.services", "mirroring.mirrors")
RULE = Rule("EL006", "service-undefined", Severity.HIGH)
_INTERNAL: Mapping[str, str] = {
    "api": "api", "dashboard": "api", "ping": "ping", "prometheus": "metrics.prometheus", "rest": "providers.rest",
    "noop": "",
}  # fmt: skip
"""Traefik's own services -> the option that turns each on."""


def check(project: Project) -> Iterator[Found]:
    """Services of routers, middlewares and services."""
    edge = edge_of(project)
    uses = list(_uses(edge))
    yield from _internal(edge, uses)
    outside = (use for use in uses if not use.name.endswith("@internal") and not _is_made_up(edge, use))
    yield from reported(edge, "services", "service", outside, disabled)
    yield from _without(edge)


def _without(edge: Edge) -> Iterator[Found]:
    """Routers of files: only those of labels get a service by themselves."""
    for router in edge.of("routers"):
        if router.item is None and not router.text("service") and not router.has("parentrefs"):
            if any("parentrefs" in map(str.lower, map(str, item.data)) for item in edge.of("routers")):
                return  # a router with children needs none
            message = f"the router `{shown(router.name)}` has no service, and Traefik disables it"
            yield Found(router.owner, message, router.spot, "add `service`")
    for service in edge.of("services"):
        for option in _MEMBERS if service.item is None else ():
            members = items(service.value_in_file(option))
            if any(isinstance(item, Mapping) and not folded(item, "name") for item in members):
                message = f"`{shown(service.name)}` has a member without a name, and Traefik disables what leads to it"
                yield Found(service.owner, message, service.place(option), "add its `name`")


def _uses(edge: Edge) -> Iterator[Use]:
    for router in edge.of("routers"):
        if name := router.text("service"):
            yield Use(router, "service", name)
    for middleware in edge.of("middlewares"):
        if name := middleware.text("errors.service"):
            yield Use(middleware, "errors.service", name)
    for service in edge.of("services"):
        yield from _of_service(service)


def _of_service(service: Defined) -> Iterator[Use]:
    for option in ("mirroring.service", "failover.service", "failover.fallback"):
        if service.item is None and (name := service.text(option)):
            yield Use(service, option, name)
    for option in _MEMBERS:
        yield from (Use(service, option, name) for name in service.below(option, "name"))


def _is_made_up(edge: Edge, use: Use) -> bool:
    """Whether Traefik makes a service of this name from the container's own, as it does where no label defines one."""
    name, _, provider = use.name.partition("@")
    if (provider or use.user.provider) != edge.provider:
        return False
    return any(
        name in _made_up(edge.project, service)
        and edge.shown(service) is not False
        and not edge.of_service(service.name, "services", use.user.section)
        for service, _ in edge.labelled
    )


def _made_up(project: Project, service: Service) -> tuple[str, ...]:
    names = [f"{service.name}-{project.name}", str(service.data.get("container_name") or service.name)]
    return tuple("".join(mark if mark.isalnum() else "-" for mark in name).strip("-") for name in names)


def _internal(edge: Edge, uses: list[Use]) -> Iterator[Found]:
    for use in uses:
        name, _, provider = use.name.rpartition("@")
        if provider != "internal" or name.startswith("acme-http"):
            continue
        spot = use.user.place(use.option)
        if name not in _INTERNAL:
            near = suggest(name, _INTERNAL)
            message = f"Traefik has no service `{shown(use.name)}`, and {disabled(use)}"
            yield Found(use.user.owner, message, spot, f"did you mean `{near}@internal`?" if near else "")
        elif edge.traefik and not edge.traefik.static.has(_INTERNAL[name] or "entrypoints") and _INTERNAL[name]:
            message = f"`{use.name}` is turned off in this Traefik, and {disabled(use)}"
            yield Found(use.user.owner, message, spot, f"turn it on: `--{_INTERNAL[name]}=true`")
