"""The nodes of a swarm: each command as one function, from its arguments to what was done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import RefusedError
from edgegen.deploy.nodes import availability
from edgegen.deploy.nodes import join as joining
from edgegen.deploy.nodes.carry import Move
from edgegen.deploy.nodes.finding import managed_nodes
from edgegen.deploy.nodes.init import make_swarm
from edgegen.deploy.nodes.move_edge import move_edge as moving
from edgegen.deploy.nodes.session import Session, checked_host
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.spec.load import LoadedSpec, load

_SWARM = "swarm"


class NodeRow(Struct, frozen=True):
    """One node, with what edgegen keeps on it."""

    node: NodeSeen
    edges: tuple[str, ...]
    volumes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        node = self.node
        return {
            "node": node.hostname, "id": node.id, "address": node.address, "role": node.role, "leader": node.is_leader,
            "state": node.state, "availability": node.availability, "reachability": node.reachability or None,
            "edges": list(self.edges), "volumes": list(self.volumes),
        }  # fmt: skip


def init(session: Session, host: str, advertise: str) -> None:
    """Raises UsageError, RefusedError, OutsideError."""
    with session.honest():
        make_swarm(session, checked_host(host), advertise)


def join(session: Session, hosts: Sequence[str], *, manager: bool) -> None:
    """Raises UsageError, RefusedError, OutsideError, PartialError."""
    with session.honest():
        joining.join_hosts(session, [checked_host(host) for host in hosts], manager=manager)


def rows(session: Session) -> list[NodeRow]:
    """All nodes. Raises RefusedError, OutsideError."""
    return [_row(node) for node in managed_nodes(session)]


def drain(session: Session, host: str, *, force: bool, wait: float) -> NodeRow:
    """The node as it was. Raises RefusedError, OutsideError, PartialError."""
    with session.honest():
        return _row(availability.drain(session, host, force=force, wait=wait))


def activate(session: Session, host: str) -> NodeRow:
    """The node as it was. Raises RefusedError, OutsideError."""
    with session.honest():
        return _row(availability.activate(session, host))


def move_edge(
    session: Session, project: Path, environment: str | None, host: str, source: str, *, force: bool, wait: float
) -> tuple[str, NodeRow]:
    """Move the edge of the project's stack; gives the stack and its new node.

    Raises SpecError, RefusedError, OutsideError, PartialError.
    """
    stack = _stack(load(project, environment))
    move = Move(stack, host, checked_host(source) if source else "", force)
    with session.honest():
        return stack, _row(moving(session, move, wait))


def _stack(loaded: LoadedSpec) -> str:
    """The stack that runs the project's edge. Raises RefusedError if the project is not a stack."""
    spec = loaded.spec
    if spec.target != _SWARM:
        raise RefusedError(
            f"the project's target is `{spec.target}`: its edge does not run on a swarm",
            where=loaded.locate(("target",)),
            hint=f"`target: {_SWARM}` makes it a stack",
        )
    return spec.edge.use or spec.name


def _row(node: NodeSeen) -> NodeRow:
    return NodeRow(node, availability.edges_of(node), availability.volumes_of(node))
