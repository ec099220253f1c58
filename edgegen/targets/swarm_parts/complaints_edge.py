"""What the edge itself can't be on a swarm."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.data import mapping
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, SOCKET_PROXY, Layer, service_layers
from edgegen.spec.problems import Complaint
from edgegen.targets.swarm_parts.edge import edge_constraints
from edgegen.targets.swarm_parts.placing import constraints_of, deploy_of, is_global, replicas_of
from edgegen.targets.swarm_parts.ports import EVERYWHERE


def check(spec: Spec) -> Iterator[Complaint]:
    """The edge's address, its number and its node."""
    if not spec.has_own_edge:
        return
    if spec.edge.bind is not None and spec.edge.bind not in EVERYWHERE:
        message = f"a swarm publishes on every address of the node: `{spec.edge.bind}` would be ignored"
        hint = "remove it, and close the other addresses in the firewall of the edge's node"
        yield Complaint(("edge", "bind"), message, hint)
    if spec.edge.replicas > 1 and spec.acme.is_local:  # else the rule about acme.json has said it
        yield Complaint(("edge", "replicas"), _ONE, _SCALE)
    layers = service_layers(spec, ())
    yield from _elsewhere(spec, [*layers[EDGE], *layers.get(SOCKET_PROXY, ())])
    yield from _several(layers[EDGE])


def _elsewhere(spec: Spec, layers: list[Layer]) -> Iterator[Complaint]:
    own = edge_constraints(spec.name)
    for keys, at in layers:
        said = constraints_of(mapping(keys.get("deploy")))
        if said and not set(own) <= set(said):
            yield Complaint(
                (*at, "deploy", "placement", "constraints"),
                f"they would replace the edge's own, {' and '.join(f'`{one}`' for one in own)}: it would start on"
                " another node, without its certificates",
                "remove them: `edgegen up --edge-node HOST` chooses the node",
            )


def _several(layers: list[Layer]) -> Iterator[Complaint]:
    deploy = deploy_of(layers)
    if replicas_of(deploy) > 1 or is_global(deploy):
        at = next(at for keys, at in reversed(layers) if "deploy" in keys)
        yield Complaint((*at, "deploy"), _ONE, _SCALE)


_ONE = "the edge is one Traefik on one node: more of them would need its ports, its volume and its certificates twice"
_SCALE = "keep one, and scale the services behind it"
