"""A service that the Traefik's own constraints exclude.

What it does
    Evaluates `providers.docker.constraints` (on a swarm `providers.swarm.constraints`) for each service with routers.

Why
    Traefik silently skips the container.

Example
    ``--providers.docker.constraints=Label(`edge`,`public`)``, and a service without the label `edge=public`

Instead
    Add the label to the service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project, Service
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.constraints import lets_through

RULE = Rule("EL038", "constraint-excludes", Severity.HIGH)
_OF_THE_ENGINE = "com.docker."
"""Labels that the engine sets: their values are not in the files."""


def check(project: Project) -> Iterator[Found]:
    """Services with routers."""
    edge = edge_of(project)
    said = edge.provider_option("constraints")
    if said is None or not said.known or _OF_THE_ENGINE in said.text:
        return
    for service, labels in edge.labelled:
        if edge.shown(service) is False or not edge.of_service(service.name, "routers"):
            continue
        texts = _texts(project, service)
        if texts is not None and lets_through(said.text, texts) is False:
            message = f"Traefik skips `{service.name}`: its constraint is `{shown(said.text, 120)}`"
            first = next(iter(labels.values()))
            yield Found(service.name, message, first.spot.of_key, "add the label that the constraint asks for")


def _texts(project: Project, service: Service) -> Mapping[str, str] | None:
    labels = service.routing_labels(project.mode)
    return {key: value.text for key, value in labels.items()} if all(value.known for value in labels.values()) else None
