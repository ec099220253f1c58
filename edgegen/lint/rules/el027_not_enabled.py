"""Labels of a container that Traefik does not look at.

What it does
    Reports a service that has routers, services or middlewares in its labels and no `traefik.enable=true`, if the
    project's Traefik has `exposedbydefault=false`; and one without it among services that all have it.

Why
    Traefik silently skips such a container, and the middlewares that it defines for others.

Example
    `--providers.docker.exposedbydefault=false`, and a service with only ``traefik.http.routers.web.rule=…``

Instead
    Add `traefik.enable=true`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Project, Service
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL027", "not-enabled", Severity.HIGH)
_KINDS = {"routers": "a router", "services": "a service", "middlewares": "a middleware"}
_FEW = 2


def check(project: Project) -> Iterator[Found]:
    """Services with labels that nobody reads."""
    edge = edge_of(project)
    if edge.exposed_by_default:
        return
    without = [(service, labels) for service, labels in edge.labelled if not _says(edge, service)]
    with_it = len(edge.labelled) - len(without)
    if not without or (edge.exposed_by_default is None and with_it < _FEW):
        return
    for service, labels in without:
        if not service.partial and (items := edge.by_service.get(service.name)):
            what = next(_KINDS[kind] for kind in _KINDS if any(item.kind == kind for item in items))
            first = next(iter(labels.values()))
            hint = "add the label `traefik.enable=true`"
            if edge.exposed_by_default is False:
                message = f"Traefik does not look at `{service.name}`, which has {what} and no `traefik.enable=true`"
                yield Found(service.name, message, first.spot.of_key, hint)
            else:
                message = (
                    f"`{service.name}` has {what} and no `traefik.enable=true`, which {_others(edge)} have: a Traefik "
                    "with `exposedbydefault=false` does not look at it"
                )
                yield Found(service.name, message, first.spot.of_key, hint, Severity.LOW, Confidence.LOW)


def _says(edge: Edge, service: Service) -> bool:
    return edge.label(service, "traefik.enable") is not None


def _others(edge: Edge) -> str:
    names = [f"`{service.name}`" for service, _ in edge.labelled if _says(edge, service)]
    return " and ".join(names[:2]) if len(names) == _FEW else f"{len(names)} other services"
