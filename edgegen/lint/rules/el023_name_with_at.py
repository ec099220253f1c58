"""A name with an `@`.

What it does
    Reports routers, services and middlewares in labels whose name has an `@`.

Why
    In a reference the provider follows the `@`; a definition has no provider in its name. Traefik looks for
    `auth@docker`, but what was defined is `auth@docker@docker`. A router leads nowhere, and nothing can use such a
    middleware or service.

Example
    `traefik.http.middlewares.auth@docker.basicauth.usersfile=/users`

Instead
    `traefik.http.middlewares.auth.basicauth.usersfile=/users`, used as `auth` or `auth@docker`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.named import SINGULAR

RULE = Rule("EL023", "name-with-at", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Names in labels."""
    for item in edge_of(project).defined:
        if "@" in item.name and item.item is not None:
            yield _found(item)


def _found(item: Defined) -> Found:
    bare, _, provider = item.name.rpartition("@")
    name = shown(item.name)
    hint = f"write `traefik.{item.section}.{item.kind}.{shown(bare)}.…`"
    if item.kind != "routers":
        message = f"nothing can use the {SINGULAR[item.kind]} `{name}`: a name that is defined has no `@`"
        return Found(item.owner, message, item.spot, hint, Severity.MEDIUM)
    if provider == item.provider:
        message = f"Traefik calls this router `{name}@{item.provider}`: a name that is defined has no `@`"
        return Found(item.owner, message, item.spot, hint, Severity.LOW)
    message = f"the router `{name}` leads nowhere: Traefik looks for its service at the provider `{shown(provider)}`"
    return Found(item.owner, message, item.spot, hint)
