"""A router that could lead to several services.

What it does
    Reports a router without `service` on a container whose labels define two or more services.

Why
    Traefik can't choose, and drops the router: `cannot be linked automatically with multiple Services`.

Example
    `traefik.http.services.web.…`, `traefik.http.services.admin.…`, and a router without `service`

Instead
    `traefik.http.routers.web.service=web`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.edits import fix, insert_label
from edgegen.lint.model import Project
from edgegen.lint.rule import Fix, Found, Rule

RULE = Rule("EL020", "service-ambiguous", Severity.HIGH)
_ENOUGH = 2


def check(project: Project) -> Iterator[Found]:
    """Routers of containers with several services."""
    for items in edge_of(project).by_service.values():
        for section in ("http", "tcp", "udp"):
            names = [item.name for item in items if item.kind == "services" and item.section == section]
            if len(names) < _ENOUGH:
                continue
            for router in items:
                of_section = router.whole and router.kind == "routers" and router.section == section
                if of_section and not router.text("service") and router.knows("service"):
                    listed = ", ".join(f"`{shown(name)}`" for name in names[:5])
                    message = (
                        f"the router `{shown(router.name)}` names no service, and there are several ({listed}): "
                        "Traefik drops the router"
                    )
                    meant = router.name if router.name in names else names[0]
                    label = f"traefik.{section}.routers.{router.name}.service"
                    hint = f"add `{shown(label, 200)}={shown(meant)}`"
                    yield Found(router.owner, message, router.place("rule"), hint, fix=_fix(router, label, names))


def _fix(router: Defined, label: str, names: list[str]) -> Fix | None:
    """Where a service has the router's own name."""
    value = router.value("rule")
    if value is None or router.name not in names or router.has("service"):
        return None
    return fix(f"add `{label}={router.name}`", insert_label(value, label, router.name))
