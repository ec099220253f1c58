"""Labels on the wrong side of `deploy`.

What it does
    Compares where a service has its Traefik labels with what reads them: `labels` for containers (Compose),
    `deploy.labels` for services of a swarm.

Why
    Compose ignores `deploy.labels`, and a swarm's Traefik ignores the containers' labels: the service has no route.

Example
    `deploy: {labels: ["traefik.enable=true", …]}` with `--providers.docker=true`

Instead
    `labels: ["traefik.enable=true", …]`; on a swarm the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Mode, Project, Value
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL016", "labels-misplaced", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Services that have labels only where nobody reads them."""
    side, seen = _read_side(edge_of(project))
    if side is None:
        return
    for service in project.services.values():
        right, wrong = service.labels, service.deploy_labels
        if side is Mode.SWARM:
            right, wrong = wrong, right
        if (misplaced := _of_traefik(wrong)) and not _of_traefik(right):
            yield _found(service.name, next(iter(misplaced.values())), side, seen=seen)


def _of_traefik(labels: Mapping[str, Value]) -> dict[str, Value]:
    """Labels that make a route, or say that there is one."""
    return {key: value for key, value in labels.items() if key.lower().startswith("traefik.")}


def _read_side(edge: Edge) -> tuple[Mode | None, bool]:
    """Whose labels are read, and whether a Traefik here says so; None where both are, or nobody knows."""
    mode = edge.project.mode
    if edge.traefik is not None:
        static = edge.traefik.static
        swarm = static.get("providers.docker.swarmmode")
        on_swarm = static.has("providers.swarm") or (swarm is not None and swarm.text == "true")
        on_docker = static.has("providers.docker") and not (swarm is not None and swarm.text == "true")
        if on_swarm is not on_docker:
            return (Mode.SWARM if on_swarm else Mode.COMPOSE), True
    if mode is Mode.SWARM and any(_of_traefik(item.deploy_labels) for item in edge.project.services.values()):
        return mode, False
    return (mode, False) if mode is Mode.COMPOSE else (None, False)


def _found(name: str, first: Value, side: Mode, *, seen: bool) -> Found:
    severity = None if seen else Severity.MEDIUM
    confidence = None if seen else Confidence.MEDIUM
    if side is Mode.SWARM:
        message = f"`{name}` has its labels on the container, and on a swarm Traefik reads only `deploy.labels`"
        hint = f"move them to `services.{name}.deploy.labels`"
    else:
        message = f"`{name}` has its labels under `deploy`, and Traefik reads only the container's `labels`"
        hint = f"move them to `services.{name}.labels`"
    return Found(name, message, first.spot.of_key, hint, severity, confidence)
