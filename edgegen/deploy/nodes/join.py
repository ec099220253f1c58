"""Joining hosts to a swarm, and making its workers managers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from edgegen.core.errors import OutsideError, Problem, RefusedError
from edgegen.core.secret import MASK, Secret
from edgegen.deploy.answers import Reader
from edgegen.deploy.engine import ask
from edgegen.deploy.nodes import api
from edgegen.deploy.nodes.finding import managed_nodes
from edgegen.deploy.nodes.init import refuse_unless_free
from edgegen.deploy.nodes.session import WAIT, Session
from edgegen.deploy.swarm.nodes import NodeSeen, membership
from edgegen.deploy.terminal_text import printable

_INFO = Reader("docker info")
_EVERYWHERE = "0.0.0.0:2377"
_ALREADY = "already part of a swarm"
"""The engine's answer to a second request, while a first one goes on or has ended well."""


class _Plan(Struct, frozen=True):
    """What is missing: hosts that join, and members that are promoted (host -> node)."""

    joining: tuple[str, ...]
    promoted: Mapping[str, NodeSeen]


def join_hosts(session: Session, hosts: Sequence[str], *, manager: bool) -> None:
    """Make each host a member, with `manager` as a manager. A member stays one, and a manager too.

    Every host is asked before anything is changed. Raises RefusedError if one is in another swarm, if two are the same
    engine, or if the number of managers would be even.
    """
    _refuse_doubles(session, hosts)
    members = managed_nodes(session)
    plan = _plan(session, hosts, {node.id: node for node in members}, manager=manager)
    managers = sum(node.is_manager for node in members)
    if manager and (added := len(plan.joining) + len(plan.promoted)):
        _refuse_even(managers, added)
    for host, node in plan.promoted.items():
        session.change(
            session.manager, f"{host} ({node.hostname}) is a manager now", "docker", "node", "promote", node.id
        )
        _wait(session, host, manager=True)
    if plan.joining:
        _join_all(session, plan.joining, "manager" if manager else "worker")


def _refuse_doubles(session: Session, hosts: Sequence[str]) -> None:
    """One engine under two names would be counted as two. A copied machine has the id of the first, not its name."""
    seen: dict[str, str] = {}
    for host in dict.fromkeys(hosts):
        engine = ask(session.engines(host), "docker", "info", "--format", "{{.ID}} {{.Name}}").strip()
        first = seen.setdefault(engine, host)
        if first != host:
            raise RefusedError(f"{first} and {host} are the same engine", hint="name each host once")


def _plan(session: Session, hosts: Sequence[str], members: Mapping[str, NodeSeen], *, manager: bool) -> _Plan:
    joining: list[str] = []
    promoted: dict[str, NodeSeen] = {}
    problems: list[Problem] = []
    for host in dict.fromkeys(hosts):
        found = membership(session.engines(host))
        node = members.get(found.node) if found.state == "active" else None
        if node is None:
            try:
                refuse_unless_free(host, found)
            except RefusedError as error:
                problems += error.problems
            joining.append(host)
        elif manager and not node.is_manager:
            promoted[host] = node
        else:
            session.found(f"{host} ({node.hostname}) is a {node.role} already")
    if problems:
        raise RefusedError(problems)
    return _Plan(tuple(joining), promoted)


def _refuse_even(managers: int, added: int) -> None:
    total = managers + added
    if total % 2:
        return
    why = (
        "if either of them fails, the swarm can't be changed any more"
        if total == 2
        else f"they survive no more failures than {total - 1}"
    )
    raise RefusedError(
        f"the swarm would have {total} managers: {why}",
        hint="name one host more or less: the number of managers must be odd",
    )


def _join_all(session: Session, hosts: Sequence[str], role: str) -> None:
    words = ("docker", "swarm", "join-token", "--quiet", role)
    addresses = _manager_addresses(session)
    token = Secret("")
    printed = session.order(session.manager, *words)
    if not session.dry_run:
        token = Secret(printed.stdout.strip())
        if not printed.ok or not token.reveal():
            raise OutsideError(f"`{' '.join(words)}` failed: {printable(printed.stderr.strip())}")
    for host in hosts:
        _join(session, host, role, addresses, token)


def _join(session: Session, host: str, role: str, addresses: Sequence[str], token: Secret) -> None:
    request = api.post(
        "/swarm/join", {"ListenAddr": _EVERYWHERE, "RemoteAddrs": list(addresses), "JoinToken": token.reveal()}
    )
    reads = f"POST /swarm/join with RemoteAddrs {', '.join(addresses)} and the token of the command before"
    result = session.order(host, *api.DIAL, stdin=request, reads=reads)
    if session.dry_run:
        return
    status, message = api.answer(result)
    if status >= 400 and (_ALREADY in message or not _goes_on(session, host)):
        said = message.replace(token.reveal(), MASK)
        raise OutsideError(
            f"{host} did not join the swarm: {printable(said)}",
            hint=f"the host must reach {', '.join(addresses)} over TCP, and the nodes each other on 7946 and UDP 4789",
        )
    session.done(f"{host} joined the swarm as a {role}")
    _wait(session, host, manager=role == "manager")


def _goes_on(session: Session, host: str) -> bool:
    """Docker gives up waiting after 20 seconds, while the engine still tries."""
    return membership(session.engines(host)).state in ("pending", "active")


def _wait(session: Session, host: str, *, manager: bool) -> None:
    """Until the managers see the node as what it is to be: the next one to join or be promoted needs their quorum."""

    def is_ready() -> bool:
        found = membership(session.engines(host))
        if found.state != "active" or (manager and not found.is_manager):
            return False
        node = next((node for node in managed_nodes(session) if node.id == found.node), None)
        return node is not None and node.state == "ready" and (not manager or node.reachability == "reachable")

    session.until(is_ready, f"{host} was not a ready member of the swarm", WAIT)


def _manager_addresses(session: Session) -> list[str]:
    """Where the managers listen for nodes that join, with their ports. Raises OutsideError."""
    printed = ask(session.managing, "docker", "info", "--format", "{{json .Swarm.RemoteManagers}}")
    found = [_INFO.text(row.get("Addr"), "Addr") for row in _INFO.rows(printed, "its managers")]
    return [address for address in found if address] or _INFO.refuse("printed no address of a manager")
