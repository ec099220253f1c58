"""Moving a stack's edge to another node, with its certificates: new orders for every name would soon be refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from edgegen.compose.swarm_names import ACME_VOLUME, edge_node_label, in_stack
from edgegen.core.errors import OutsideError, RefusedError
from edgegen.deploy.nodes import acme_copy
from edgegen.deploy.nodes.acme_copy import Stored, Volume
from edgegen.deploy.nodes.finding import managed_nodes, node_of
from edgegen.deploy.nodes.session import SSH, Session
from edgegen.deploy.swarm.nodes import NodeSeen, labelled, membership
from edgegen.deploy.swarm.services import ServiceSeen, services
from edgegen.deploy.swarm.tasks import tasks

_TRIES = 3
"""Copies, if Traefik stores another certificate meanwhile."""


@dataclass(frozen=True, slots=True)
class Move:
    """What is asked: the stack, the new node's host, and `source`, the old node's host ("" to find it)."""

    stack: str
    host: str
    source: str = ""
    force: bool = False
    """Move even without the certificates."""


def move_edge(session: Session, move: Move, wait: float) -> NodeSeen:
    """Copy acme.json, give the label to the new node, take it from the old one, and wait until the edge runs there.

    Gives the new node. Raises RefusedError, OutsideError.
    """
    members = managed_nodes(session)
    label = edge_node_label(move.stack)
    target, holders = node_of(session, move.host, members), labelled(members, label)
    edge = _edge(session, move.stack)
    if holders == (target,):
        session.found(f"{target.hostname} runs the edge of {move.stack} already")
        return target
    _refuse_unfit(move, target)
    old = _old_node(session, edge, holders, target)
    if edge and old:
        _carry(session, move, edge, old, target)
    _relabel(session, label, target, holders)
    if edge:
        session.until(lambda: _runs_on(session, edge, target), _unmoved(edge, target), wait)
    return target


def _edge(session: Session, stack: str) -> ServiceSeen | None:
    """The service that has the volume of acme.json; None while the stack has never been up."""
    volume = in_stack(stack, ACME_VOLUME)
    return next((found for found in services(session.managing, stack) if volume in found.mounts.values()), None)


def _refuse_unfit(move: Move, target: NodeSeen) -> None:
    if not target.is_manager:
        raise RefusedError(
            f"{target.hostname} is a worker, and the edge must run on a manager: only those know the services",
            hint=f"`edgegen swarm join {move.host} --manager` makes it one",
        )
    if target.state != "ready" or target.availability != "active":
        raise RefusedError(
            f"{target.hostname} can't run the edge: it is `{target.state}`, and set to `{target.availability}`",
            hint=f"`edgegen swarm activate {move.host}`",
        )


def _old_node(
    session: Session, edge: ServiceSeen | None, holders: Sequence[NodeSeen], target: NodeSeen
) -> NodeSeen | None:
    """The node whose acme.json counts: where the edge runs; else one that has the label."""
    running = {task.node for task in tasks(session.managing, [edge]) if task.serves} if edge else set()
    others = [node for node in holders if node.id != target.id]
    return next((node for node in others if node.id in running), others[0] if others else None)


def _carry(session: Session, move: Move, edge: ServiceSeen, old: NodeSeen, target: NodeSeen) -> None:
    volume = in_stack(move.stack, ACME_VOLUME)
    image = edge.image
    try:
        there = Volume(_host_of(session, move, old), volume, move.stack, image)
        stored = acme_copy.read(session, there)
        if stored is not None:
            _copy(session, there, Volume(_place(session, move, target), volume, move.stack, image), stored)
    except (OutsideError, RefusedError) as error:
        if not move.force or session.changed:
            raise
        session.found(f"without the certificates of {old.hostname}: {error}")
        return
    if stored is None:
        session.found(f"{old.hostname} stores no certificates yet")


def _copy(session: Session, source: Volume, target: Volume, stored: Stored) -> None:
    """Until what was copied is what is stored: the edge still runs, and may get a certificate at any moment."""
    for _ in range(_TRIES):
        acme_copy.write(session, target, stored)
        if session.dry_run:
            return
        now = acme_copy.read(session, source)
        if now is None or now.content == stored.content:
            return
        stored = now
    raise OutsideError("acme.json changed with each copy: Traefik is ordering certificates", hint="try again later")


def _host_of(session: Session, move: Move, old: NodeSeen) -> str:
    """The host of the old node: the one that is named, the manager, or the same user at the address of the swarm.

    Raises RefusedError if none of them is it.
    """
    user = urlsplit(move.host).username if move.host.startswith(SSH) else ""
    guess = f"{SSH}{f'{user}@' if user else ''}{f'[{old.address}]' if ':' in old.address else old.address}"
    for host in (move.source,) if move.source else (session.manager, guess):
        try:
            if membership(session.engines(host)).node == old.id:
                return host
        except OutsideError:
            continue
    raise RefusedError(
        f"{old.hostname} stores the certificates, and its engine was not found",
        hint=f"name its host: `edgegen swarm move-edge {move.host} --from ssh://me@server`; if it is lost, "
        "`--force` moves the edge without them, and every certificate is ordered again",
    )


def _place(session: Session, move: Move, target: NodeSeen) -> str:
    """The host whose engine is the new node's. Raises RefusedError if it was named by its node only."""
    if move.host.startswith(SSH):
        return move.host
    if membership(session.managing).node == target.id:
        return session.manager
    raise RefusedError(
        f"the certificates can't be copied to {target.hostname} by its name", hint="name it as ssh://me@server"
    )


def _relabel(session: Session, label: str, target: NodeSeen, holders: Sequence[NodeSeen]) -> None:
    """First to the new node, then from the old one: the edge has a node at every moment."""
    update = ("docker", "node", "update")
    if target not in holders:
        words = (*update, "--label-add", f"{label}=true", target.id)
        session.change(session.manager, f"{target.hostname} has the edge's label", *words)
    for node in holders:
        if node.id != target.id:
            words = (*update, "--label-rm", label, node.id)
            session.change(session.manager, f"{node.hostname} no longer has it", *words)


def _runs_on(session: Session, edge: ServiceSeen, target: NodeSeen) -> bool:
    return any(task.serves and task.node == target.id for task in tasks(session.managing, [edge]))


def _unmoved(edge: ServiceSeen, target: NodeSeen) -> str:
    return f"{edge.name} did not start on {target.hostname}"
