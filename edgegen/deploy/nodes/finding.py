"""The swarm that a command is about, and which of its nodes a host is."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.core.errors import RefusedError
from edgegen.core.suggest import did_you_mean
from edgegen.deploy.host import is_ssh
from edgegen.deploy.nodes.session import Session, checked_host
from edgegen.deploy.swarm.nodes import NodeSeen, membership, nodes


def managed_nodes(session: Session) -> tuple[NodeSeen, ...]:
    """All nodes of the manager's swarm. Raises RefusedError if that engine does not manage one."""
    found = membership(session.managing)
    if found.state != "active" or not found.is_manager:
        where = session.manager or "this engine"
        what = "is a worker of its swarm" if found.state == "active" else "is not in a swarm"
        raise RefusedError(
            f"{where} {what}, so it can't manage one",
            hint="name a manager with `--host ssh://me@server`, or make one: `edgegen swarm init ssh://me@server`",
        )
    return nodes(session.managing)


def node_of(session: Session, host: str, members: Sequence[NodeSeen]) -> NodeSeen:
    """The node that a host is: by its `ssh://` address, or by its name or id, for one that does not answer.

    Raises UsageError, OutsideError, or RefusedError if it is not a member.
    """
    if not is_ssh(host):
        return _named(host, members)
    own = membership(session.engines(checked_host(host)))
    for node in members:
        if node.id == own.node and own.state == "active":
            return node
    raise RefusedError(f"{host} is not a member of this swarm", hint=f"`edgegen swarm join {host}` makes it one")


def _named(name: str, members: Sequence[NodeSeen]) -> NodeSeen:
    found = [node for node in members if name in (node.hostname, node.id)]
    if len(found) == 1:
        return found[0]
    if found:
        raise RefusedError(
            f"{len(found)} nodes are called `{name}`", hint=f"give an id: {', '.join(node.id for node in found)}"
        )
    hint = did_you_mean(
        name, [node.hostname for node in members], "write ssh://me@server, or a name that `edgegen swarm nodes` shows"
    )
    raise RefusedError(f"the swarm has no node `{name}`", hint=hint)
