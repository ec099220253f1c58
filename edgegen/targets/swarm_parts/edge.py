"""How Traefik watches a swarm, and where the edge runs."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from edgegen.compose.model import Data
from edgegen.compose.swarm_names import edge_node_label
from edgegen.targets.swarm_parts.placing import on_node_with
from edgegen.traefik.engine_providers import SwarmProvider

REFRESH_SECONDS = 2
"""How often Traefik asks which tasks there are: a task that is gone is forgotten no later."""
DIAL_TIMEOUT = "1s"
"""How long Traefik waits for a connection, 30s by default: a task that is gone with its node answers never."""


class Watching(Struct, frozen=True):
    """The provider and what else makes Traefik notice a task that is gone before a client does."""

    provider: SwarmProvider

    def flags(self) -> Iterator[str]:
        """Flags of both."""
        yield from self.provider.flags()
        yield f"--serverstransport.forwardingtimeouts.dialtimeout={DIAL_TIMEOUT}"


def edge_constraints(stack: str) -> list[str]:
    """The one node of the edge: it has the certificates, the public ports and the names in DNS, and is a manager."""
    return ["node.role == manager", on_node_with(edge_node_label(stack))]


def checked_often(check: Data | None) -> Data | None:
    """The health check of Traefik and its socket proxy on a swarm. A task is not there for the others before its first
    good check: until then Traefik can't find the proxy, nor the middlewares in its own service's labels, and every
    route answers 404.

    The check may fail for as long as before until the task is replaced.
    """
    return {**check, "interval": "1s", "retries": 30} if check else check
