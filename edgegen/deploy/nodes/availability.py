"""Draining a node, and giving it tasks again."""

from __future__ import annotations

from edgegen.compose.swarm_names import edge_stack, volume_of_label
from edgegen.core.errors import RefusedError
from edgegen.deploy.engine import ask
from edgegen.deploy.nodes.finding import managed_nodes, node_of
from edgegen.deploy.nodes.session import Session
from edgegen.deploy.swarm.nodes import NodeSeen


def drain(session: Session, host: str, *, force: bool = False, wait: float) -> NodeSeen:
    """Move the tasks of a node elsewhere, and wait so many seconds until none runs there. Gives the node as it was.

    Raises RefusedError if it runs the edge of a stack, unless `force`: nothing would answer on its public ports. The
    same if no other node could take its tasks.
    """
    members = managed_nodes(session)
    node = node_of(session, host, members)
    if (stacks := edges_of(node)) and not force:
        raise RefusedError(
            f"{node.hostname} runs the edge of {', '.join(stacks)}: after a drain, nothing answers on ports 80 and 443",
            hint="move the edge first: `edgegen swarm move-edge HOST`; "
            f"or accept it: `edgegen swarm drain {host} --force`",
        )
    if not force and node.takes_tasks and not any(one.takes_tasks for one in members if one != node):
        raise RefusedError(
            f"no other node takes tasks: everything that runs on {node.hostname} would stop, and start nowhere",
            hint=f"`edgegen swarm activate` or `join` another node first; or accept it: `edgegen swarm drain {host} "
            "--force`",
        )
    _set(session, node, "drain")
    if node.state == "ready":  # one that is down can't say that its tasks have stopped
        session.until(lambda: not _runs(session, node), f"tasks on {node.hostname} did not stop", wait)
    return node


def activate(session: Session, host: str) -> NodeSeen:
    """Let a node take tasks again. Gives the node as it was."""
    node = node_of(session, host, managed_nodes(session))
    _set(session, node, "active")
    return node


def edges_of(node: NodeSeen) -> tuple[str, ...]:
    """The stacks whose edge belongs to this node."""
    return tuple(stack for label in sorted(node.labels) if node.has(label) and (stack := edge_stack(label)))


def volumes_of(node: NodeSeen) -> tuple[str, ...]:
    """The local volumes that this node keeps, as STACK_VOLUME."""
    return tuple(name for label in sorted(node.labels) if node.has(label) and (name := volume_of_label(label)))


def _set(session: Session, node: NodeSeen, availability: str) -> None:
    if node.availability == availability:
        session.found(f"{node.hostname} is set to `{availability}` already")
        return
    words = ("docker", "node", "update", "--availability", availability, node.id)
    session.change(session.manager, f"{node.hostname} is set to `{availability}`", *words)


def _runs(session: Session, node: NodeSeen) -> bool:
    printed = ask(session.managing, "docker", "node", "ps", "--format", "{{.CurrentState}}", node.id)
    return any(line.startswith("Running") for line in printed.splitlines())
