"""Two routers for the same requests.

What it does
    Reports two routers with the same rule, entrypoint, priority and use of TLS.

Why
    Traefik takes both and serves only one of them, always the same one, chosen by the order of their names.

Example
    ``Host(`example.com`)`` as the rule of both `web` and `api`

Instead
    Its own rule for each (``Host(`example.com`) && PathPrefix(`/api`)``), or different entrypoints.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.router_rules import fault_of
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import may_meet

RULE = Rule("EL024", "same-rule", Severity.MEDIUM, Confidence.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Routers with one rule."""
    edge = edge_of(project)
    groups: dict[tuple[str, str], list[Defined]] = {}
    for router in edge.of("routers"):
        if rule := "".join(router.text("rule").split()):
            groups.setdefault((router.section, rule), []).append(router)
    for routers in groups.values():
        if len(routers) > 1:
            yield from _same(edge, routers)


def _same(edge: Edge, routers: list[Defined]) -> Iterator[Found]:
    """Of the routers with one rule those that the file has later, where nothing else tells them apart."""
    seen: dict[tuple[str, bool], list[Defined]] = {}
    for router in routers:
        if not router.known or not edge.takes(router) or fault_of(edge, router, edge.project.version):
            continue  # of a rule that Traefik can't read, EL018 reports more
        before = seen.setdefault((router.text("priority"), router.has_tls), [])
        for other in before:
            if other.full != router.full and may_meet(edge.traefik, router, other) and not router.never_meets(other):
                yield _found(router, other)
                break
        before.append(router)


def _found(router: Defined, other: Defined) -> Found:
    same = router.owner == other.owner and router.text("service") == other.text("service")
    where = "" if router.owner == other.owner else f" of `{other.owner}`"
    message = (
        f"the router `{shown(router.name)}` has the same rule as `{shown(other.name)}`{where}, on the same entrypoint: "
        "Traefik serves only one of them"
    )
    hint = "make the rules differ, or remove one router"
    return Found(router.owner, message, router.place("rule"), hint, Severity.LOW if same else None)
