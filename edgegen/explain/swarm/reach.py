"""Whether Traefik and the service behind the host meet on a network. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.show import shown
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.swarm.edges import PROVIDER
from edgegen.explain.swarm.view import SwarmInside
from edgegen.explain.wanted import Wanted
from edgegen.verify.checks.check import Hop

_LABELS = "traefik.swarm.network", "traefik.docker.network"


def network_reasons(seen: SwarmInside, wanted: Wanted | None) -> Iterator[Reason]:
    """What keeps Traefik from the tasks of the service: no common network, or the wrong one."""
    service, edge = seen.service, seen.edge
    if service is None or edge is None or service.id == edge.id:
        return
    own, of_edge = seen.networks_of(service), seen.networks_of(edge)
    common = [name for name in own if name in of_edge]
    said, source = _named(service, edge)
    place = wanted.key_place("networks") if wanted else None
    mend = wanted.mend if wanted else "put both on one network of driver `overlay`, then deploy the stack again"
    if not common:
        theirs = f" ({shown(', '.join(of_edge[:3]))})" if of_edge else ""
        sentence = f"{service.name} is on no network of {edge.name}{theirs}, so Traefik can't reach its tasks"
        yield Reason(Hop.SERVICE, Weight.CAUSE, sentence, mend, place)
    elif said in own and said not in common:
        sentence = f"Traefik is not on `{shown(said)}`, where {source} sends it for {service.name}"
        yield Reason(Hop.SERVICE, Weight.CAUSE, sentence, mend, place)
    elif said and said not in own:
        sentence = (
            f"{source} names the network `{shown(said)}`, and {service.name} is not on it: Traefik takes any of its "
            "networks"
        )
        sure = len(own) == len(common)
        weight = Weight.REMARK if sure else Weight.CAUSE
        yield Reason(Hop.SERVICE, weight, sentence, "use the network's real name, with its stack's prefix", place)


def _named(service: ServiceSeen, edge: ServiceSeen) -> tuple[str, str]:
    """The network that Traefik should use for the service, and what says so."""
    labels = {name.lower(): value for name, value in service.labels.items()}
    for label in _LABELS:
        if label in labels:
            return labels[label], f"the label `{label}`"
    option = f"{PROVIDER}.network"
    return edge.static.get(option), f"Traefik's `--{option}`"
