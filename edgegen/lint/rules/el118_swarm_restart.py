"""A server of a swarm that is not started again.

What it does
    Reports Traefik and routed services of a stack whose `deploy.restart_policy` has `condition: on-failure` or `none`.
    Jobs (`mode: replicated-job`) are not reported.

Why
    When a node is restarted, it stops its tasks. One that ends with 0, as Traefik and most servers do, counts
    as complete then, not as failed: nothing starts it again, `docker service ls` shows 0/1, and every host answers
    nothing or 404.

Example
    `deploy: {restart_policy: {condition: on-failure}}`

Instead
    `condition: any`, or no `condition`: that is the default.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.data import mapping
from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL118", "swarm-restart", Severity.MEDIUM)
_HINT = "write `condition: any`, or remove the line"


def check(project: Project) -> Iterator[Found]:
    """Services that should never end."""
    if project.mode is not Mode.SWARM:
        return
    edge = edge_of(project)
    proxies = {service.name for _, service in project.proxies}
    for name, service in project.services.items():
        deploy = mapping(service.data, "deploy")
        condition = mapping(deploy, "restart_policy").get("condition")
        if condition not in ("on-failure", "none") or str(deploy.get("mode") or "").endswith("-job"):
            continue
        spot = service.spot.at("deploy", "restart_policy", "condition")
        if name in proxies and service.ports:  # without a port it is a job, like `traefik storeconfig`
            yield Found(name, _message(name, condition, "it ends with 0, and"), spot, _HINT)
        elif name not in proxies and edge.of_service(name, "routers"):
            message = _message(name, condition, "if it ends with 0,")
            yield Found(name, message, spot, _HINT, Severity.LOW, Confidence.MEDIUM)


def _message(name: str, condition: str, why: str) -> str:
    if condition == "none":
        return f"`{name}` stays down whatever ends it: `condition: none` starts nothing again"
    return f"`{name}` stays down after a restart of its node: {why} `condition: on-failure` starts only what failed"
