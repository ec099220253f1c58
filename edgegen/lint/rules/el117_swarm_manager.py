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

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import is_on, judged
from edgegen.lint.views.sockets import sockets

RULE = Rule("EL117", "swarm-manager", Severity.MEDIUM, Confidence.MEDIUM)
_HOST = re.compile(r"(?:tcp|http)://([^:/]+)")


def check(project: Project) -> Iterator[Found]:
    """What the swarm provider of each Traefik asks."""
    if project.mode is not Mode.SWARM:
        return
    for item in judged(project):
        traefik = item.traefik.service
        if traefik is None or not item.whole or not is_on(item.static, "providers.swarm"):
            continue
        endpoint = item.static.get("providers.swarm.endpoint")
        host = _HOST.match(endpoint.text) if endpoint is not None and endpoint.known else None
        asked = project.services.get(host[1]) if host else traefik
        if asked is None or asked.partial or _is_placed(asked):
            continue
        if mount := next(sockets(asked), None):
            yield Found(
                asked.name,
                f"nothing keeps `{asked.name}` on a manager: on a worker its Docker does not know the services, and no "
                "host has a route",
                mount.spot,
                "add `deploy: {placement: {constraints: [node.role == manager]}}`",
            )


def _is_placed(service: Service) -> bool:
    """Whether some constraint chooses its nodes: which those are only the swarm knows."""
    deploy = service.data.get("deploy")
    placement = deploy.get("placement") if isinstance(deploy, dict) else None
    constraints = placement.get("constraints") if isinstance(placement, dict) else None
    return any(not str(item).strip().startswith("node.platform") for item in constraints or ())
