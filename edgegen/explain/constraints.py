"""Which containers Traefik sees: one that its constraint excludes, and a Traefik that reads all labels. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.show import shown
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.edges import Edge, running_edges
from edgegen.explain.engine_view import Inside
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.traefik.constraints import lets_through
from edgegen.verify.checks.check import Hop

_CONSTRAINTS = "providers.docker.constraints"
_OPEN = "write `edge: {{serves: all}}` in {} and run `edgegen up` there"


def constraint_reasons(inside: Inside, wanted: Wanted | None) -> Iterator[Reason]:
    """What the constraint of the running Traefik does to the containers behind the host."""
    for edge in running_edges([inside.traefik] if inside.traefik else []):
        for container in inside.behind:
            if edge.constraint and lets_through(edge.constraint, container.labels) is False:
                yield _left_out(edge, edge.constraint, container, wanted)
        if wanted and not wanted.edge_is_shared and edge.constraint == "" and _CONSTRAINTS in str(wanted.edge):
            sentence = "Traefik reads the labels of every project: one with the same names breaks the routes of both"
            yield Reason(Hop.ROUTER, Weight.REMARK, sentence, wanted.mend, wanted.place(_CONSTRAINTS, "command"))


def _left_out(edge: Edge, constraint: str, container: ContainerSeen, wanted: Wanted | None) -> Reason:
    whose = f"the container of project `{shown(container.project)}`" if container.project else "the container"
    sentence = f"{edge.name} does not see {whose}: its constraint is {shown(constraint, 120)}"
    there = f"project `{edge.project}`" if edge.project else "the project of that Traefik"
    hint = wanted.mend if wanted and not wanted.edge_is_shared else _OPEN.format(there)
    return Reason(Hop.ROUTER, Weight.CAUSE, sentence, hint, wanted.where if wanted else None, drops=True)
