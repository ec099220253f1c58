"""A registry to which anyone can push.

What it does
    Reports a registry with a route, or with its port on all addresses (medium), that asks for no password: no
    `REGISTRY_AUTH…`, no `auth` in its configuration file, and no middleware before its router that asks for a login
    or checks the address. A configuration that is not here makes it unknown.

Why
    By default the registry has no login. Whoever knows the address can push images, replace those that others pull,
    and fill the disk.

Example
    `image: registry:2` with a router, and nothing else

Instead
    `REGISTRY_AUTH: htpasswd`, `REGISTRY_AUTH_HTPASSWD_REALM`, `REGISTRY_AUTH_HTPASSWD_PATH`, and a file of bcrypt
    lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Outcome, Severity
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Port, Project, Spot
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.guards import Guarded, guarded
from edgegen.lint.views.published import Reach, covers, reach_of
from edgegen.lint.views.registries import Registry, registries

RULE = Rule("EL085", "open-registry", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each registry without a login."""
    for registry in registries(project):
        asks = registry.configured("auth")
        if asks:
            continue
        if registry.is_routed:
            state = _state(project, registry)
            if state is Guarded.NO and asks is False:
                yield _found(registry, "has a route and asks for no password: anyone can push to it", _spot(registry))
            elif state is not Guarded.YES and asks is None:
                yield Found(
                    registry.service.name,
                    f"whether `{registry.service.name}` asks for a password is in a file that can't be read here",
                    _spot(registry),
                    severity=Severity.INFO,
                    outcome=Outcome.UNKNOWN,
                )
        elif asks is False and (port := _open_port(project, registry)):
            yield _found(
                registry,
                "is published on every address of the host and asks for no password: anyone who reaches it can push",
                port.spot,
                Severity.MEDIUM,
            )


def _found(registry: Registry, what: str, spot: Spot, severity: Severity | None = None) -> Found:
    message = f"the registry `{registry.service.name}` {what}"
    hint = (
        "set REGISTRY_AUTH, REGISTRY_AUTH_HTPASSWD_REALM and REGISTRY_AUTH_HTPASSWD_PATH, with a file of bcrypt lines"
    )
    return Found(registry.service.name, message, spot, hint, severity)


def _state(project: Project, registry: Registry) -> Guarded:
    """The weakest of its routers, without those that take only some methods: they let anyone pull, and nobody push."""
    states = {guarded(edge_of(project), router) for router in registry.routers if not _only_pulls(router)}
    if not registry.routers:
        states = {Guarded.NO}
    return next((state for state in (Guarded.NO, Guarded.UNKNOWN) if state in states), Guarded.YES)


def _only_pulls(router: Defined) -> bool:
    """Whether its rule matches only methods that read."""
    methods = re.findall(r"Method\(`(\w+)`\)", router.text("rule"))
    return bool(methods) and {*map(str.upper, methods)} <= {"GET", "HEAD"} and "!Method" not in router.text("rule")


def _spot(registry: Registry) -> Spot:
    return registry.service.image.spot if registry.service.image else registry.service.spot


def _open_port(project: Project, registry: Registry) -> Port | None:
    ports = registry.service.ports
    return next(
        (port for port in ports if reach_of(port, project.mode) is Reach.ALL and covers(port.target, 5000)), None
    )
