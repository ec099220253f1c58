"""Carrying a stack's certificates from the edge's old node to its new one, and never over better ones."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from edgegen.compose.swarm_names import ACME_VOLUME, in_stack
from edgegen.core.errors import OutsideError, RefusedError
from edgegen.deploy.engine import list_names
from edgegen.deploy.host import SSH, is_ssh
from edgegen.deploy.nodes import acme_copy
from edgegen.deploy.nodes.acme_copy import Stored, Volume
from edgegen.deploy.nodes.session import Session
from edgegen.deploy.swarm.nodes import NodeSeen, membership
from edgegen.deploy.swarm.services import ServiceSeen

_TRIES = 3
"""Copies, if Traefik stores another certificate meanwhile."""


class Move(Struct, frozen=True):
    """What is asked: the stack, the new node's host, and `source`, the old node's host ("" to find it)."""

    stack: str
    host: str
    source: str = ""
    force: bool = False
    """Move even without the certificates."""


def carry(session: Session, move: Move, edge: ServiceSeen | None, old: NodeSeen, target: NodeSeen) -> None:
    """Copy acme.json from the old node to the new one. `edge` None: the stack is down.

    With `force`, what fails before anything is changed is only reported. Raises RefusedError, OutsideError.
    """
    try:
        host = _host_of(session, move, old)
        if edge is None:
            _refuse_left(session, move, host, old)
        elif not _carried(session, move, edge, Volume(host, _volume(move), move.stack, edge.image), target):
            session.found(f"{old.hostname} stores no certificates yet")
    except (OutsideError, RefusedError) as error:
        if not move.force or session.changed:
            raise
        session.found(f"without the certificates of {old.hostname}: {error}")


def _volume(move: Move) -> str:
    return in_stack(move.stack, ACME_VOLUME)


def _refuse_left(session: Session, move: Move, host: str, old: NodeSeen) -> None:
    """Without the service there is no image to open the volume with."""
    if _volume(move) in list_names(session.engines(host), "volume"):
        raise RefusedError(
            f"{old.hostname} stores certificates, and they can only be copied while the stack is up",
            hint="`edgegen up` first; or `--force` moves the edge without them",
        )


def _carried(session: Session, move: Move, edge: ServiceSeen, source: Volume, target: NodeSeen) -> bool:
    """Whether there was anything to copy."""
    stored = acme_copy.read(session, source)
    if stored is None or not (session.dry_run or stored.certificates):
        return False
    place = Volume(_place(session, move, target), source.name, move.stack, edge.image)
    there = acme_copy.count(session, place)
    if not session.dry_run and there > stored.certificates:
        raise RefusedError(
            f"{target.hostname} stores {there} certificates, more than the {stored.certificates} that would replace "
            "them",
            hint=f"`--force` moves the edge and keeps those of {target.hostname}; to replace them, remove the volume "
            f"{source.name} there first",
        )
    _copy(session, source, place, stored)
    return True


def _copy(session: Session, source: Volume, target: Volume, stored: Stored) -> None:
    """Until what was copied is what is stored: the edge still runs, and may get a certificate at any moment."""
    for _ in range(_TRIES):
        acme_copy.write(session, target, stored)
        if session.dry_run:
            return
        now = acme_copy.read(session, source)
        if now is None or now.content == stored.content:
            return
        stored = max(stored, now, key=lambda one: one.certificates)  # Traefik empties the file before it writes it
    raise OutsideError("acme.json changed with each copy: Traefik is ordering certificates", hint="try again later")


def _host_of(session: Session, move: Move, old: NodeSeen) -> str:
    """The host of the old node: the one that is named, the manager, or the same user at the address of the swarm.

    Raises RefusedError if none of them is it.
    """
    for host in (move.source,) if move.source else (session.manager, *_guessed(move, old)):
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


def _guessed(move: Move, old: NodeSeen) -> Iterator[str]:
    """Nothing for a node whose address the swarm does not know, or that no manager hears from: nothing answers on the
    edge's ports, and nobody wants to wait a minute for a host that is lost."""
    user = urlsplit(move.host).username if is_ssh(move.host) else ""
    if old.address and old.state == "ready":
        yield f"{SSH}{f'{user}@' if user else ''}{f'[{old.address}]' if ':' in old.address else old.address}"


def _place(session: Session, move: Move, target: NodeSeen) -> str:
    """The host whose engine is the new node's. Raises RefusedError if it was named by its node only."""
    if is_ssh(move.host):
        return move.host
    if membership(session.managing).node == target.id:
        return session.manager
    raise RefusedError(
        f"the certificates can't be copied to {target.hostname} by its name", hint="name it as ssh://me@server"
    )
