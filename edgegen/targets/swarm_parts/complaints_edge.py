"""What the edge itself can't be on a swarm, and registries that only this machine may reach."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, service_layers
from edgegen.spec.problems import Complaint
from edgegen.targets.swarm_parts.complaints_ports import EVERYWHERE
from edgegen.targets.swarm_parts.placing import deploy_of, is_global, replicas_of


def check(spec: Spec) -> Iterator[Complaint]:
    """The edge's address and number, then registries without a host."""
    if spec.has_own_edge:
        yield from _edge(spec)
    for name, service in spec.services.items():
        if service.local_port:
            yield Complaint(
                ("services", name),
                "a registry without a `host` is published on 127.0.0.1, which a swarm can't do: everybody could reach"
                " it, and it has no passwords",
                "give it a `host` and `users`, or run it in a project with `target: compose`",
                at_key=True,
            )


def _edge(spec: Spec) -> Iterator[Complaint]:
    if spec.edge.bind is not None and spec.edge.bind not in EVERYWHERE:
        yield Complaint(
            ("edge", "bind"),
            f"a swarm publishes on every address of the node: `{spec.edge.bind}` would be ignored",
            "remove it, and close the other addresses in the firewall of the edge's node",
        )
    if spec.edge.replicas > 1 and spec.acme.is_local:  # else the rule about acme.json has said it
        yield Complaint(("edge", "replicas"), _ONE, _SCALE)
    layers = service_layers(spec, ())[EDGE]
    deploy = deploy_of(layers)
    if replicas_of(deploy) > 1 or is_global(deploy):
        at = next(at for keys, at in reversed(layers) if "deploy" in keys)
        yield Complaint((*at, "deploy"), _ONE, _SCALE)


_ONE = "the edge is one Traefik on one node: more of them would need its ports, its volume and its certificates twice"
_SCALE = "keep one, and scale the services behind it"
