"""`drain` where the old task stops before the new one starts."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.compose.model import Data, deep_merge
from edgegen.spec.edge import Spec
from edgegen.spec.layers import service_layers
from edgegen.spec.problems import Complaint
from edgegen.targets.swarm_parts.order import STOP, order_of


def check(spec: Spec) -> Iterator[Complaint]:
    """Every `drain` that would only be an outage."""
    layers = service_layers(spec, ("volumes", "ports", "healthcheck", "deploy"))
    for name, service in spec.containers.items():
        if service.drain is None:
            continue
        whole: Data = {}
        for keys, _ in layers[name]:
            whole = deep_merge(whole, {key: value for key, value in keys.items() if value is not None})
        routed = bool(service.own_hosts or service.traefik_labels)
        if order_of(whole, is_routed=routed) == STOP:
            yield Complaint(
                ("services", name, "drain"),
                "a swarm stops the old task of this service before it starts the new one: nothing would take over"
                " while it drains",
                "remove it, or use `stop_grace_period` for an app that needs time to stop; `drain` is for a public"
                " service, or one with a health check, that has neither a published port nor a volume that it writes"
                " to, and whose `deploy.update_config.order` is not `stop-first`",
            )
