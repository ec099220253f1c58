"""Moving a stack's edge to another node, with its certificates: new orders for every name would soon be refused."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.compose.swarm_names import ACME_VOLUME, edge_node_label, in_stack
from edgegen.core.errors import RefusedError
from edgegen.deploy.nodes.carry import Move, carry
from edgegen.deploy.nodes.finding import managed_nodes, node_of
from edgegen.deploy.nodes.session import Session
from edgegen.deploy.swarm.commands import label_command
from edgegen.deploy.swarm.nodes import NodeSeen, labelled
from edgegen.deploy.swarm.services import ServiceSeen, services
from edgegen.deploy.swarm.tasks import tasks


def move_edge(session: Session, move: Move, wait: float) -> NodeSeen:
    """Copy acme.json, give the label to the new node, take it from the old one, and wait until the edge runs there.

    Gives the new node. Raises RefusedError, OutsideError.
    """
    members = managed_nodes(session)
    label = edge_node_label(move.stack)
    target, holders = node_of(session, move.host, members), labelled(members, label)
    edge = _edge(session, move.stack)
    running = _running(session, edge)
    if holders == (target,) and (edge is None or target.id in running):
        session.found(f"{target.hostname} {'runs' if edge else 'is marked for'} the edge of {move.stack} already")
        return target
    _refuse_unfit(move, target)
    if holders != (target,):
        old = _old_node(session, move, members, target, running, marked=holders, is_up=edge is not None)
        if old:
            carry(session, move, edge, old, target)
        _relabel(session, label, target, holders)
    if edge:
        said = f"{edge.name} did not start on {target.hostname}"
        session.until(lambda: target.id in _running(session, edge), said, wait)
    return target


def _edge(session: Session, stack: str) -> ServiceSeen | None:
    """The service that has the volume of acme.json; None while the stack is down."""
    volume = in_stack(stack, ACME_VOLUME)
    return next((found for found in services(session.managing, stack) if volume in found.mounts.values()), None)


def _running(session: Session, edge: ServiceSeen | None) -> frozenset[str]:
    """The ids of the nodes where the edge runs."""
    return frozenset(task.node for task in tasks(session.managing, [edge]) if task.serves) if edge else frozenset()


def _refuse_unfit(move: Move, target: NodeSeen) -> None:
    if not target.is_manager:
        raise RefusedError(
            f"{target.hostname} is a worker, and the edge must run on a manager: only those know the services",
            hint=f"`edgegen swarm join {move.host} --manager` makes it one",
        )
    if not target.takes_tasks:
        raise RefusedError(
            f"{target.hostname} can't run the edge: it is `{target.state}`, and set to `{target.availability}`",
            hint=f"`edgegen swarm activate {move.host}`",
        )


def _old_node(
    session: Session,
    move: Move,
    members: Sequence[NodeSeen],
    target: NodeSeen,
    running: frozenset[str],
    *,
    marked: Sequence[NodeSeen],
    is_up: bool,
) -> NodeSeen | None:
    """The node whose acme.json counts: where the edge runs; else one that is marked for it; else the one that is named.

    None if it is the new node itself, or if the stack has never been up. Raises RefusedError if it is not known.
    """
    if target.id in running:
        session.found(f"the edge runs on {target.hostname} already: the certificates there are the newest")
        return None
    others = [node for node in members if node.id != target.id]
    places = [node for node in others if node.id in running] + [node for node in others if node in marked]
    if places or target in marked:
        return places[0] if places else None
    if move.source:
        named = node_of(session, move.source, members)
        return named if named.id != target.id else None
    if is_up:
        _refuse_unknown(session, move)
    return None


def _refuse_unknown(session: Session, move: Move) -> None:
    said = "no node is marked for the edge: its certificates were not found"
    if not move.force:
        raise RefusedError(
            said,
            hint=f"name the host that has them: `edgegen swarm move-edge {move.host} --from ssh://me@server`; "
            "`--force` moves the edge without them, and every certificate is ordered again",
        )
    session.found(said)


def _relabel(session: Session, label: str, target: NodeSeen, holders: Sequence[NodeSeen]) -> None:
    """First to the new node, then from the old one: the edge has a node at every moment."""
    if target not in holders:
        words = label_command(target.id, label).argv
        session.change(session.manager, f"{target.hostname} has the edge's label", *words)
    for node in holders:
        if node.id != target.id:
            words = ("docker", "node", "update", "--label-rm", label, node.id)
            session.change(session.manager, f"{node.hostname} no longer has it", *words)
