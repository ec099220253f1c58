"""A middleware that nobody defines.

What it does
    Looks up each middleware that a router or a `chain` names, in the labels and dynamic files of
    the project. A name of another project's labels, or of a file that was not read, is reported as not seen.

Why
    Traefik disables every router that uses it, and requests get 404. All that Traefik says is one line in its log.

Example
    `traefik.http.routers.web.middlewares=auht`, where `auth` is defined

Instead
    `traefik.http.routers.web.middlewares=auth`; a middleware of a dynamic file is `auth@file`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.corrections import set_to
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.references import Use, disabled, reported
from edgegen.lint.rule import Found, Rule
from edgegen.lint.uses import is_used

RULE = Rule("EL005", "middleware-undefined", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Middlewares of routers and chains."""
    edge = edge_of(project)
    for item in (*edge.of("routers"), *edge.of("middlewares")):
        option = "middlewares" if item.kind == "routers" else "chain.middlewares"
        if item.has_gap(option):
            yield _comma(edge, item, option)
    yield from reported(edge, "middlewares", "middleware", _uses(edge), disabled)


def _comma(edge: Edge, item: Defined, option: str) -> Found:
    effect = disabled(Use(item, option, ""))
    message = f"the list has a comma too many: Traefik looks for a middleware without a name, and {effect}"
    severity = None if item.kind == "routers" or is_used(edge, item) else Severity.MEDIUM
    value = item.value(option)
    names = ",".join(part.strip() for part in item.text(option).split(",") if part.strip())
    correction = set_to(item.item.label(option), value, names) if item.item and value and names else None
    return Found(item.owner, message, item.place(option), "remove the comma", severity, fix=correction)


def _uses(edge: Edge) -> Iterator[Use]:
    for router in edge.of("routers"):
        yield from (Use(router, "middlewares", name) for name in router.words("middlewares"))
    for middleware in edge.of("middlewares"):
        yield from (Use(middleware, "chain.middlewares", name) for name in middleware.words("chain.middlewares"))
