"""The rules that may find something in a project. Most projects need two thirds of them, and load no others. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from edgegen.lint.edge import edge_of
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Check, Rule
from edgegen.lint.rules import RULE_FILES, rule_of
from edgegen.lint.views.image import may_be_registry


def asked(project: Project) -> Iterator[tuple[Rule, Check]]:
    """These rules with their checks, in the order of their ids."""
    there = {"", *(what for what, has in _HAS.items() if has(project))}
    return (rule_of(file) for file, needed in RULE_FILES.items() if needed in there)


_HAS: Mapping[str, Callable[[Project], bool]] = {
    "middlewares": lambda project: "middlewares" in edge_of(project).by_kind,
    "tcp": lambda project: any(item.section == "tcp" for item in edge_of(project).defined),
    "stream": lambda project: any(item.section in ("tcp", "udp") for item in edge_of(project).defined),
    "network mode": lambda project: any(service.network_mode for service in project.services.values()),
    "dashboard": lambda project: bool(edge_of(project).api_routers),
    "registry": lambda project: any(map(may_be_registry, project.services.values())),
    "traefik": lambda project: bool(project.traefiks),
    "expression": lambda project: any(
        option.endswith((".constraints", ".defaultrule"))
        for traefik in project.traefiks
        for option in traefik.static.options
    ),
    "build": lambda project: any(service.built for service in project.services.values()),
    "dynamic file": lambda project: bool(project.dynamic),
    "two routers": lambda project: len(edge_of(project).by_kind.get("routers", ())) > 1,
    "internal network": lambda project: any(network.internal for network in project.networks.values()),
    "swarm": lambda project: project.mode is Mode.SWARM,
}
"""What `RULE_FILES` names with a rule -> whether a project has it."""
