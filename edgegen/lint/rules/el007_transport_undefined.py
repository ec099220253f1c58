"""A servers transport that nobody defines.

What it does
    Looks up each `serverstransport` that a service names. Only dynamic files can define one; labels can't.

Why
    Traefik disables every router of the service, and requests get 404.

Example
    `traefik.http.services.web.loadbalancer.serverstransport=insecure`

Instead
    Define it in a dynamic file and write `insecure@file`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.references import OF_LABELS, Use, in_a_file, reported
from edgegen.lint.rule import Found, Rule
from edgegen.lint.uses import is_used

RULE = Rule("EL007", "transport-undefined", Severity.HIGH)
_OPTION = "loadbalancer.serverstransport"


def check(project: Project) -> Iterator[Found]:
    """Transports of services."""
    edge = edge_of(project)
    uses = list(_uses(edge))
    for use in uses:
        if use.provider in OF_LABELS:
            message = f"there is no servers transport `{shown(use.name)}`: labels can't define one, and {_effect(use)}"
            severity = None if is_used(edge, use.user) else Severity.MEDIUM
            hint = in_a_file(edge, "serverstransports", use, "it")
            yield Found(use.user.owner, message, use.user.place(_OPTION), hint, severity)
    in_files = (use for use in uses if use.provider not in OF_LABELS)
    yield from reported(edge, "serverstransports", "servers transport", in_files, _effect)


def _uses(edge: Edge) -> Iterator[Use]:
    for service in edge.of("services"):
        if (name := service.text(_OPTION)) and name != "default@internal":
            yield Use(service, _OPTION, name)


def _effect(use: Use) -> str:
    return f"Traefik disables every router of the service `{shown(use.user.name)}`"
