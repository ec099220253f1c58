"""The inside of a project of Compose: its containers, and the Traefik that reads their labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.core.location import Location
from edgegen.endpoints import Endpoint
from edgegen.explain.constraints import constraint_reasons
from edgegen.explain.container import container_link
from edgegen.explain.engine_view import Inside
from edgegen.explain.flags import edge_reasons
from edgegen.explain.insight import Insight
from edgegen.explain.labels import label_reasons
from edgegen.explain.log import log_reasons
from edgegen.explain.reason import Reason
from edgegen.explain.service import service_reasons
from edgegen.explain.wanted import Wanted
from edgegen.verify.diagnosis import Link


class OfContainers(Insight):
    """What the containers of one engine say."""

    dropped = "Traefik drops the routers of a container that does not serve"

    def __init__(self, inside: Inside) -> None:
        self.inside = inside

    def last_link(self, wanted: Wanted | None, links: Iterable[Link], where: Location | None) -> Link:
        return container_link(self.inside, wanted, links, where)

    def reasons(self, endpoint: Endpoint, wanted: Wanted | None) -> Iterator[Reason]:
        if self.inside.trouble:
            return
        yield from edge_reasons(self.inside, wanted)
        yield from constraint_reasons(self.inside, wanted)
        yield from label_reasons(self.inside, wanted)
        yield from service_reasons(self.inside, wanted)
        yield from log_reasons(self.inside, endpoint, wanted)
