"""Names that are too long for a swarm."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.compose.swarm_names import in_stack
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, SOCKET_PROXY, mapping
from edgegen.spec.problems import Complaint

LONGEST_SERVICE = 63


def check(spec: Spec) -> Iterator[Complaint]:
    """Services. Swarm sees the length only when it has made those before."""
    for name, service in spec.services.items():
        if service.runs_here:
            yield from _service(spec, name, ("services", name))
    if spec.has_own_edge:
        yield from _edge(spec)
    for name in mapping(spec.extra.get("services")):
        if name not in spec.services:
            yield from _service(spec, name, ("extra", "services", name))


def _service(spec: Spec, name: str, at: Path) -> Iterator[Complaint]:
    full = in_stack(spec.name, name)
    if len(full) > LONGEST_SERVICE:
        yield Complaint(
            at,
            f"its name on the swarm, `{full}`, has {len(full)} characters, and Swarm takes {LONGEST_SERVICE}",
            "give the service a shorter name",
            at_key=True,
        )


def _edge(spec: Spec) -> Iterator[Complaint]:
    """The longest name of the edge's own services."""
    name = SOCKET_PROXY if spec.edge.docker_socket == "proxy" else EDGE
    full = in_stack(spec.name, name)
    if len(full) > LONGEST_SERVICE:
        most = LONGEST_SERVICE - len(in_stack("", name))
        yield Complaint(
            ("name",),
            f"the edge's service would be `{full}` on the swarm, which takes {LONGEST_SERVICE} characters",
            f"give the stack a name of at most {most} characters",
        )
