"""Names that a stack has on a swarm, in its file and on its nodes. Pure."""

from __future__ import annotations

NAMESPACE_LABEL = "com.docker.stack.namespace"
"""The label in which `docker stack` keeps the stack of each service, container, network, volume, secret and config."""
OWNER_LABEL = "edgegen.owner"
"""The label of a service, set by `up`, that tells its project from another one of the same name."""
DEPLOYMENT_LABEL = "edgegen.deployment"
"""The label of a service that tells one `up` from another one of the same stack, which another machine may run."""
ACME_VOLUME = "acme"
"""The volume with the edge's acme.json: no file has to get to any node."""

_PREFIX = "edgegen"
_EDGE = "edge"


def edge_node_label(stack: str) -> str:
    """The label of the one node that runs the stack's edge, with the value `true`: it survives a node's rejoining."""
    return f"{_PREFIX}.{stack}.{_EDGE}"


def volume_node_label(stack: str, volume: str) -> str:
    """The label of the node that keeps a local volume of the stack, with the value `true`.

    A volume called `edge` would share its label with the edge itself, so such a volume is refused.
    """
    return f"{_PREFIX}.{stack}.{volume}"


def in_stack(stack: str, name: str) -> str:
    """The real name of a network, volume or service of the stack."""
    return f"{stack}_{name}"


def edge_stack(label: str) -> str:
    """The stack whose edge belongs to a node with this label; "" for any other label."""
    stack, name = _parts(label)
    return stack if name == _EDGE else ""


def volume_of_label(label: str) -> str:
    """The real name of the local volume that a node with this label keeps; "" for any other label."""
    stack, name = _parts(label)
    return in_stack(stack, name) if name and name != _EDGE else ""


def _parts(label: str) -> tuple[str, str]:
    """Stack and the rest of one of our labels. A stack's name has no dot."""
    prefix, _, rest = label.partition(".")
    stack, _, name = rest.partition(".")
    return (stack, name) if prefix == _PREFIX and stack and name else ("", "")
