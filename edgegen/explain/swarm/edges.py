"""The Traefiks of a swarm: which one serves a host, what it reads the engine through, and who else reads its labels.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from edgegen.core.show import shown
from edgegen.deploy.edges import Edge
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.desired.edge import TRAEFIK
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.traefik.constraints import lets_through
from edgegen.traefik.named import enabled
from edgegen.verify.checks.check import Hop

PROVIDER = "providers.swarm"
FLAGS_BY_HAND = "fix Traefik's flags in the stack file, then deploy it again"
_OPEN = "write `edge: {{serves: all}}` in project `{}`, and run `edgegen up` there"


def as_edge(service: ServiceSeen) -> Edge:
    """A Traefik as what it was started with."""
    return Edge(service.name, service.stack, service.static, provider=PROVIDER)


def edge_of(found: Sequence[ServiceSeen], stack: str, service: ServiceSeen | None) -> ServiceSeen | None:
    """The Traefik of a stack; without a stack, the one that sees the service."""
    edges = [item for item in found if item.is_traefik]
    if stack:
        own = [item for item in edges if item.stack == stack]
        return min(own, key=lambda item: item.short_name != TRAEFIK, default=None)
    seen = [item for item in edges if service is not None and as_edge(item).sees(service.labels) is not False]
    return min(seen, key=lambda item: service is None or item.stack != service.stack, default=None)


def proxy_of(found: Iterable[ServiceSeen], edge: ServiceSeen | None) -> ServiceSeen | None:
    """The service of the edge's stack that its provider's endpoint names."""
    endpoint = edge.static.get(f"{PROVIDER}.endpoint") if edge else ""
    name = endpoint.partition("://")[2].partition(":")[0].partition("/")[0]
    own = (item for item in found if edge is not None and item.stack == edge.stack and item.id != edge.id)
    return next((item for item in own if name and name in (item.short_name, item.name)), None)


def constraint_reasons(
    service: ServiceSeen | None, edge: ServiceSeen | None, everything: Sequence[ServiceSeen], wanted: Wanted | None
) -> Iterator[Reason]:
    """What the constraints of the swarm's Traefiks do to the service behind the host."""
    if service is None:
        return
    own = as_edge(edge) if edge is not None else None
    if own and own.constraint and lets_through(own.constraint, service.labels) is False:
        sentence = f"{own.name} does not see {service.name}: its constraint is {shown(own.constraint, 120)}"
        hint = _OPEN.format(own.project) if wanted and wanted.edge_is_shared else _mend(wanted)
        yield Reason(Hop.ROUTER, Weight.CAUSE, sentence, hint, wanted.where if wanted else None, drops=True)
    for other in everything:
        if other.is_traefik and (edge is None or other.id != edge.id):
            yield from _read_by(as_edge(other), service, edge, wanted)
    others = (item for item in everything if own and item.stack != own.project and enabled(item.labels))
    if own and own.constraint == "" and any(others):
        sentence = (
            f"{own.name} has no constraint, so it reads the labels of every stack: one with the same names breaks the "
            "routes of both, and Traefik orders its certificates too"
        )
        yield Reason(Hop.ROUTER, Weight.REMARK, sentence, _mend(wanted), wanted.place(PROVIDER) if wanted else None)


def _read_by(other: Edge, service: ServiceSeen, edge: ServiceSeen | None, wanted: Wanted | None) -> Iterator[Reason]:
    """A second Traefik that takes the service for its own. One without a word about it is nobody's business."""
    if other.sees(service.labels):
        mine = f", besides {edge.name}" if edge else ""
        sentence = (
            f"{other.name} reads the labels of {service.name} too{mine}: each of them orders certificates for its "
            "names, and the orders of one fail"
        )
        hint = f"give {other.name} a constraint: `Label(`com.docker.stack.namespace`,`{other.project}`)`"
        yield Reason(Hop.ROUTER, Weight.REMARK, sentence, hint, wanted.where if wanted else None)


def _mend(wanted: Wanted | None) -> str:
    return wanted.edge_mend if wanted else FLAGS_BY_HAND
