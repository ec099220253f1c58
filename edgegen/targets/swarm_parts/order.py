"""Which task is first when a service is updated: the new one, or the end of the old one."""

from __future__ import annotations

from edgegen.compose.model import Data
from edgegen.core.data import items, mapping
from edgegen.targets.swarm_parts.placing import only_reads

START, STOP = "start-first", "stop-first"


def chosen_order(whole: Data, *, is_routed: bool, is_edge: bool = False) -> str:
    """A new task before the old one stops, where no volume or port is only one's, and something tells when it is
    ready: a health check, of which the image may have its own, or Traefik, which tries the others again.

    `whole`: the service with its `extra`.
    """
    # With as many tasks on a node as it may have, a new one would wait endlessly.
    full = mapping(mapping(whole.get("deploy")).get("placement")).get("max_replicas_per_node")
    keeps = any(not only_reads(mount) for mount in items(whole.get("volumes")))
    bound = is_edge or whole.get("ports") or keeps or full
    check = mapping(whole.get("healthcheck"))
    ready = check and not check.get("disable")
    return START if not bound and (ready or is_routed) else STOP


def order_of(whole: Data, *, is_routed: bool) -> str:
    """The order of the rendered service: what the spec says, or else what edgegen chooses."""
    said = mapping(mapping(whole.get("deploy")).get("update_config")).get("order")
    return str(said or chosen_order(whole, is_routed=is_routed))
