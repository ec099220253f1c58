"""The inside of a stack on a swarm: service, tasks and nodes, and the Traefik that reads the services' labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.compose.swarm_names import ACME_VOLUME, in_stack
from edgegen.core.location import Location
from edgegen.endpoints import Endpoint
from edgegen.explain.flags import down, flag_reasons
from edgegen.explain.insight import Insight
from edgegen.explain.labels import Read, label_reasons
from edgegen.explain.log import log_reasons
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.service import own_reasons
from edgegen.explain.swarm.as_containers import as_inside
from edgegen.explain.swarm.edges import FLAGS_BY_HAND, constraint_reasons
from edgegen.explain.swarm.labels import are_elsewhere, placed_reasons
from edgegen.explain.swarm.reach import network_reasons
from edgegen.explain.swarm.tasks import tasks_link, trouble
from edgegen.explain.swarm.updates import update_reasons
from edgegen.explain.swarm.view import SwarmInside
from edgegen.explain.wanted import Wanted
from edgegen.traefik.errors import CHMOD, RESTART
from edgegen.traefik.store import PATH as STORE
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link

_READ = Read("service", "swarm", "fix the label in the stack file, then deploy it again")


class OfServices(Insight):
    """What a manager of the swarm says."""

    dropped = "Traefik has no router for a service of which no task runs"

    def __init__(self, seen: SwarmInside) -> None:
        self.seen = seen

    def worded(self, hint: str) -> str:
        edge = self.seen.edge
        if edge is None:
            return hint
        hint = hint.replace(RESTART, f"docker service update --force {edge.name}")
        hint = hint.replace(CHMOD, f"give {STORE} mode 600")
        return hint.replace(STORE, f"acme.json in the volume `{in_stack(edge.stack, ACME_VOLUME)}`")

    def last_link(self, wanted: Wanted | None, links: Iterable[Link], where: Location | None) -> Link:
        return tasks_link(self.seen, wanted, links, where)

    def reasons(self, endpoint: Endpoint, wanted: Wanted | None) -> Iterator[Reason]:
        seen = self.seen
        if seen.trouble:
            return
        inside = as_inside(seen)
        yield from edge_reasons(seen, wanted)
        yield from flag_reasons(inside, wanted, FLAGS_BY_HAND)
        yield from constraint_reasons(seen.service, seen.edge, seen.everything, wanted)
        yield from placed_reasons(seen.service, wanted)
        yield from label_reasons(inside, None if are_elsewhere(seen.service) else wanted, _READ)
        yield from network_reasons(seen, wanted)
        yield from own_reasons(inside, wanted)
        yield from update_reasons(seen, wanted)
        yield from log_reasons(inside, endpoint, wanted)


def edge_reasons(seen: SwarmInside, wanted: Wanted | None) -> Iterator[Reason]:
    """Without Traefik, every link from here on is broken; without its socket proxy it sees no service."""
    whose = f" of stack `{wanted.edge_project}`" if wanted and wanted.edge_is_shared else ""
    if seen.edge is None:
        yield from down(f"Traefik{whose} has no service", f"`edgegen up`{whose and ' in that project'} deploys it")
    elif found := trouble(seen, seen.edge):
        yield from down(f"Traefik does not run: {found.sentence}", found.hint)
    if seen.proxy is not None and (found := trouble(seen, seen.proxy)):
        sentence = f"Traefik's socket proxy does not run, so Traefik sees no services: {found.sentence}"
        yield Reason(Hop.ROUTER, Weight.EXPLAINS, sentence, found.hint, drops=True)
