"""A dashboard that everyone may read.

What it does
    Reports a router for `api@internal` with no middleware before it that asks for a login or checks the address.
    Middlewares that are not defined here, and those that a variable names, count as unknown and are not reported. A
    name that no public zone can hold (`traefik.localhost`) is reported as low.

Why
    The dashboard and its API show all routes, all addresses behind them and all middlewares to anyone who guesses the
    name.

Example
    `traefik.http.routers.dashboard.service=api@internal`, and no `middlewares`

Instead
    `traefik.http.routers.dashboard.middlewares=auth`, and a `basicauth` middleware with a `usersfile`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.reserved import is_reserved
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.guards import Guarded, guarded
from edgegen.traefik.rule_hosts import hosts_of

RULE = Rule("EL069", "dashboard-without-users", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each router for the API that nothing guards."""
    edge = edge_of(project)
    for router in edge.api_routers:
        if guarded(edge, router) is not Guarded.NO:
            continue
        names = hosts_of(router.text("rule"))
        private = bool(names) and all(is_reserved(name) for name in names)
        yield Found(
            router.service.name if router.service else router.name,
            f"the dashboard's router `{router.name}` has no middleware that asks for a login: everyone may read it",
            router.place("service"),
            "put a `basicauth` or `forwardauth` middleware, or an `ipallowlist`, before it",
            Severity.LOW if private else None,
        )
