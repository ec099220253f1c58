"""A middleware that no router uses.

What it does
    Reports a middleware that no router, chain or entrypoint of the project names. One that protects (basic-auth,
    digest-auth, forward-auth, an allow list) counts more, and most where a router of the same container has no
    protection at all.

Why
    Traefik reads it and never applies it: a route that seems to ask for a password is open to everyone.

Example
    `traefik.http.middlewares.auth.basicauth.users=…` and a router without `middlewares`

Instead
    Add `traefik.http.routers.web.middlewares=auth`. A middleware for other projects is fine: they name it
    `auth@docker`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.uses import is_used
from edgegen.traefik.guarding import ALLOW_LISTS

RULE = Rule("EL004", "middleware-unused", Severity.INFO, Confidence.MEDIUM)
_PROTECTS = ("basicauth", "digestauth", "forwardauth", *ALLOW_LISTS)


def check(project: Project) -> Iterator[Found]:
    """Middlewares that nothing names."""
    edge = edge_of(project)
    middlewares = [item for item in edge.of("middlewares") if item.provider != "file"]
    if not middlewares:
        return
    if project.partial or any(service.partial for service in project.services.values()):
        return  # a file that is missing may name any of them
    if any(not item.knows("middlewares") for item in edge.of("routers")):
        return  # and so may an unknown value
    lost = _lost(edge)
    for item in middlewares:
        if not is_used(edge, item) and not any(suggest(name, [item.name]) for name in lost):
            yield _found(edge, item)


def _lost(edge: Edge) -> set[str]:
    """Names that are used and that nothing defines: one like it was meant, and is EL005's."""
    users = ((item, option) for item in edge.defined for option in ("middlewares", "chain.middlewares"))
    return {
        name.partition("@")[0]
        for item, option in users
        for name in item.words(option)
        if not edge.find(item.section, "middlewares", name, item.provider)
    }


def _found(edge: Edge, item: Defined) -> Found:
    name = shown(item.name)
    options = item.item.options if item.item else ()
    if not any(option.partition(".")[0] in _PROTECTS for option in options):
        message = f"no router here uses the middleware `{name}`: Traefik never applies it"
        return Found(item.owner, message, item.spot, "attach it to a router, or remove it")
    if _is_for_others(item):
        message = f"no router here uses the middleware `{name}`: Traefik never applies it here"
        return Found(item.owner, message, item.spot, f"others use it as `{name}@{item.provider}`", Severity.INFO)
    open_router = _open_router(edge, item)
    if open_router is None or item.has("forwardauth"):
        message = f"no router here uses the middleware `{name}`, so it protects nothing"
        return Found(item.owner, message, item.spot, "attach it to a router", Severity.MEDIUM)
    message = f"no router uses the middleware `{name}`, so the router `{shown(open_router.name)}` is open to everyone"
    hint = f"add `traefik.{item.section}.routers.{shown(open_router.name)}.middlewares={name}`"
    return Found(item.owner, message, item.spot, hint, Severity.HIGH)


def _is_for_others(item: Defined) -> bool:
    """Whether it sends visitors to the very service that defines it, as a login page for all others does."""
    address = item.text("forwardauth.address").lower()
    service = item.service
    if service is None or not item.has("forwardauth"):
        return False
    names = (service.name, str(service.data.get("container_name") or ""), str(service.data.get("hostname") or ""))
    return not address or any(name and f"//{name.lower()}" in address for name in names)


def _open_router(edge: Edge, item: Defined) -> Defined | None:
    """A router of the same container without any middleware."""
    own = edge.of_service(item.service.name, "routers", item.section) if item.service else ()
    return next((router for router in own if not router.has("middlewares")), None)
