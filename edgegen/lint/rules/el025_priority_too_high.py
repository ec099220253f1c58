"""A priority above what Traefik allows.

What it does
    Reports a router whose `priority` is higher than 9223372036854774807.

Why
    Traefik keeps the highest ones for itself, and disables the router.

Example
    `traefik.http.routers.web.priority=9223372036854775807`

Instead
    `traefik.http.routers.web.priority=10000`: the default is the length of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.go_values import is_number
from edgegen.traefik.router import MAX_PRIORITY

RULE = Rule("EL025", "priority-too-high", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Priorities of routers."""
    for router in edge_of(project).of("routers"):
        said = router.text("priority")
        if said and is_number(said) and int(said) > MAX_PRIORITY:
            message = f"Traefik disables the router `{shown(router.name)}`: its priority is above {MAX_PRIORITY}"
            yield Found(router.owner, message, router.place("priority"), "a few thousand are enough")
