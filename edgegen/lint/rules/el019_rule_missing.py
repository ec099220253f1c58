"""A router without a rule.

What it does
    Reports routers in labels that have no `rule`, or an empty one.

Why
    Traefik gives an HTTP router its default rule: ``Host(`<service>-<project>`)``, a name that no visitor asks for. It
    drops a TCP router.

Example
    `traefik.http.routers.web.entrypoints=websecure` and nothing else about `web`

Instead
    ``traefik.http.routers.web.rule=Host(`www.example.com`)``
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule

RULE = Rule("EL019", "rule-missing", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Routers in labels."""
    edge = edge_of(project)
    for router in edge.of("routers"):
        if not router.whole or router.section == "udp" or not router.knows("rule") or router.text("rule").strip():
            continue
        if router.item is None:
            message = f"the router `{shown(router.name)}` has no rule, and Traefik disables it"
            yield Found(router.owner, message, router.place("rule"), "add `rule`", Severity.HIGH)
            continue
        if router.section == "tcp":
            message = f"Traefik drops the TCP router `{shown(router.name)}`: it has no rule"
            hint = f"add `traefik.tcp.routers.{shown(router.name)}.rule`"
            yield Found(router.owner, message, router.place("rule"), _near(edge, router) or hint, Severity.HIGH)
        elif edge.provider_option("defaultrule") is None:
            message = f"the router `{shown(router.name)}` has no rule, and Traefik makes one of the container's name"
            hint = f"add `traefik.http.routers.{shown(router.name)}.rule`"
            seen = edge.traefik is not None
            yield Found(
                router.owner, message, router.place("rule"), _near(edge, router) or hint,
                None if seen else Severity.LOW, None if seen else Confidence.MEDIUM,
            )  # fmt: skip


def _near(edge: Edge, router: Defined) -> str:
    """A router of the same container that has a rule: the name was misspelt."""
    others = edge.of_service(router.owner, "routers", router.section)
    names = [item.name for item in others if item.has("rule") and item is not router]
    near = suggest(router.name, names)
    return f"did you mean the router `{near}`?" if near else ""
