"""A Traefik that asks a swarm, and may run on a worker.

What it does
    Reports a service that gives Traefik's swarm provider the Docker socket, Traefik itself or a socket proxy, if
    nothing keeps its task on a manager: no `node.role == manager`, and no other constraint on the node.

Why
    Only a manager answers questions about services. On a worker Traefik runs, and every host answers 404; its log says
    `This node is not a swarm manager`. A swarm of one node has no workers: then it shows on the day that a node joins.

Example
    `--providers.swarm=true` and a mounted socket, without `deploy.placement`

Instead
    `deploy: {placement: {constraints: [node.role == manager]}}`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.data import items
from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import Judged, is_on, judged, known
from edgegen.lint.views.sockets import sockets
from edgegen.traefik.go_values import TRUE

RULE = Rule("EL117", "swarm-manager", Severity.MEDIUM, Confidence.MEDIUM)
_ON_WORKERS = ("node.role==worker", "node.role!=manager")
_HOST = re.compile(r"(?:tcp|http)://([^:/]+)")


def check(project: Project) -> Iterator[Found]:
    """What the swarm provider of each Traefik asks."""
    if project.mode is not Mode.SWARM:
        return
    for item in judged(project):
        traefik = item.traefik.service
        provider = _provider(item)
        if traefik is None or not item.whole or not provider:
            continue
        endpoint = item.static.get(f"{provider}.endpoint")
        host = _HOST.match(endpoint.text) if endpoint is not None and endpoint.known else None
        asked = project.services.get(host[1]) if host else traefik
        if asked is None or asked.partial:
            continue
        constraints = _constraints(asked)
        if any(one in _ON_WORKERS for one in constraints) and (mount := next(sockets(asked), None)):
            message = f"`{asked.name}` runs on a worker, whose Docker does not know the services: no host has a route"
            yield Found(asked.name, message, mount.spot, "write `node.role == manager`", Severity.HIGH, Confidence.HIGH)
        # Which nodes another constraint leaves only the swarm knows.
        if any(not one.startswith("node.platform") for one in constraints):
            continue
        if mount := next(sockets(asked), None):
            yield Found(
                asked.name,
                f"nothing keeps `{asked.name}` on a manager: on a worker its Docker does not know the services, and no "
                "host has a route",
                mount.spot,
                "add `deploy: {placement: {constraints: [node.role == manager]}}`",
            )


def _provider(item: Judged) -> str:
    """What asks the swarm. That of Traefik 2 is an option of the other provider."""
    if is_on(item.static, "providers.swarm"):
        return "providers.swarm"
    return "providers.docker" if known(item.static, "providers.docker.swarmmode") in TRUE else ""


def _constraints(service: Service) -> list[str]:
    constraints = items(service.data, "deploy", "placement", "constraints")
    return ["".join(str(item).split()) for item in constraints]
