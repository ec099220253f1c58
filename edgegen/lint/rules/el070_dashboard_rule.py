"""A dashboard whose pages load nothing.

What it does
    Reports a router for `api@internal` whose rule matches `/dashboard` and not `/api`.

Why
    The pages under `/dashboard/` fetch everything that they show from `/api`. Without it they stay empty, or show
    what another router answers there.

Example
    ``rule=Host(`traefik.example.com`) && PathPrefix(`/dashboard`)``

Instead
    ``rule=Host(`traefik.example.com`) && (PathPrefix(`/api`) || PathPrefix(`/dashboard`))``
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.rule_reach import may_match
from edgegen.traefik.rule_syntax import Rule as Rule_
from edgegen.traefik.rule_syntax import matches, parsed

RULE = Rule("EL070", "dashboard-rule", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each router for the API by the paths that its rule matches, all routers for it together."""
    routers = edge_of(project).api_routers
    rules = [(item, parsed(item.text("rule"))) for item in routers if item.text("rule")]
    if any(rule is None or _serves(rule, "/api/overview") for _, rule in rules):
        return
    for router, rule in rules:
        if rule is not None and _serves(rule, "/dashboard/"):
            yield Found(
                router.service.name if router.service else router.name,
                f"the rule of `{router.name}` matches `/dashboard` and not `/api`, from where its "
                "pages fetch everything",
                router.place("rule"),
                "add ``|| PathPrefix(`/api`)`` to the paths of the rule",
            )


def _serves(rule: Rule_, path: str) -> bool:
    hosts = [item.args[0].lower() for item in matches(rule) if item.name == "Host"]
    return any(may_match(rule, host, path) for host in hosts or [""])
