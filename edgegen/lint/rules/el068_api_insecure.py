"""The API of Traefik without a password.

What it does
    Reports `api.insecure=true`. Where the port of the entrypoint `traefik` (8080) is published on all addresses, it
    is of severity high; on the loopback only, low.

Why
    The dashboard and `/api/rawdata` then answer everyone who reaches that port: all routes, all addresses behind
    them, all middlewares. Every container on a network of Traefik reaches it even where the port is not published.

Example
    `--api.insecure=true` with `ports: ["8080:8080"]`

Instead
    `--api=true`, and a router for `api@internal` with a `basicauth` middleware; on your own machine `ports:
    ["127.0.0.1:8080:8080"]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.entrypoints import entrypoints_of, switched_on
from edgegen.lint.views.published import Reach

RULE = Rule("EL068", "api-insecure", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each Traefik that has it."""
    for traefik in project.traefiks:
        value = switched_on(traefik.static, "api.insecure")
        if value is None:
            continue
        entrypoint = entrypoints_of(project, traefik)["traefik"]
        severity, where = _weight(entrypoint.reach)
        message = f"the API and the dashboard of Traefik answer without a password on port {entrypoint.port}, {where}"
        hint = "remove it, and give the dashboard a router with a login; or publish the port on 127.0.0.1"
        yield Found(traefik.service.name if traefik.service else "traefik", message, value.spot, hint, severity)


def _weight(reach: Reach) -> tuple[Severity | None, str]:
    if reach is Reach.ALL:
        return Severity.HIGH, "which is published on every address of the host"
    if reach is Reach.LOOPBACK:
        return Severity.LOW, "which is published on the loopback, and to every container on its networks"
    if reach is Reach.NOWHERE:
        return None, "to every container on its networks"
    return None, "to whoever reaches that port"
