"""A cache that shows private images to everyone.

What it does
    Reports a registry with `REGISTRY_PROXY_USERNAME` and without a login, where it has a route or a port on all
    addresses.

Why
    The cache pulls with the account that it was given. Whoever reaches it can pull every private image of that
    account, without a password.

Example
    `REGISTRY_PROXY_USERNAME` and `REGISTRY_PROXY_PASSWORD` without `REGISTRY_AUTH`

Instead
    A login before the cache. Note that Docker sends no password to a mirror: name the cache in the image instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.guards import Guarded, guarded
from edgegen.lint.views.published import Reach, reach_of
from edgegen.lint.views.registries import registries

RULE = Rule("EL092", "registry-cache-open", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each such cache."""
    for registry in registries(project):
        value = registry.service.environment.get("REGISTRY_PROXY_USERNAME")
        if value is None or registry.configured("auth") is not False:
            continue
        is_open = any(reach_of(port, project.mode) is Reach.ALL for port in registry.service.ports)
        states = {guarded(edge_of(project), router) for router in registry.routers}
        if is_open or Guarded.NO in states:
            message = (
                f"the cache `{registry.service.name}` pulls with an account and asks for no password: everyone has its "
                "private images"
            )
            yield Found(registry.service.name, message, value.spot, "put a login before it")
