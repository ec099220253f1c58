"""A router name that another project is likely to use, too.

What it does
    Reports routers called `web`, `app`, `api` and the like, if the Traefik that reads them may read other projects'
    labels.

Why
    Names are common to the whole engine. Where two projects both have a router `web`, Traefik drops both.

Example
    ``traefik.http.routers.web.rule=Host(`shop.example.com`)``

Instead
    ``traefik.http.routers.shop-web.rule=Host(`shop.example.com`)``, or a Traefik with `providers.docker.constraints`
    for its own project
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL026", "generic-name", Severity.INFO, Confidence.LOW)
_GENERIC = frozenset((
    "admin", "api", "app", "backend", "client", "default", "frontend", "http", "https", "main", "nginx", "router",
    "router0", "router1", "server", "service", "site", "ui", "web", "web-secure", "websecure", "website", "www",
))  # fmt: skip


def check(project: Project) -> Iterator[Found]:
    """Routers in labels."""
    edge = edge_of(project)
    if edge.only_this_project:
        return
    seen = set()
    for router in edge.of("routers"):
        if router.item is not None and router.name.lower() in _GENERIC and router.full not in seen:
            seen.add(router.full)
            name = shown(router.name)
            message = f"router names count on the whole engine: a second project with a router `{name}` removes both"
            prefix = project.name or router.owner
            yield Found(router.owner, message, router.spot, f"call it `{prefix}-{name}`")
