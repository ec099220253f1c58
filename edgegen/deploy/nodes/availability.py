"""Draining a node, and giving it tasks again."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.compose.swarm_names import edge_stack, volume_of_label
from edgegen.core.errors import RefusedError
from edgegen.deploy.engine import ask
from edgegen.deploy.nodes.finding import managed_nodes, node_of
from edgegen.deploy.nodes.session import Session
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.deploy.swarm.services import services
from edgegen.deploy.swarm.standing import Seen
from edgegen.deploy.swarm.tasks import TaskSeen, tasks

_DECIDED = 10.0
"""Seconds that the scheduler gets to find other nodes, or to say why there is none."""
_PAUSE = 0.5


def drain(session: Session, host: str, *, force: bool = False, wait: float) -> NodeSeen:
    """Move the tasks of a node elsewhere, and wait so many seconds until none runs there. Gives the node as it was.
    What no other node takes is reported.

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
    if not session.dry_run:
        for words in _without_node(_decided(session)):
            session.found(words)
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


def _decided(session: Session) -> Seen:
    """All services, once each of their tasks has a node, or a reason why not."""
    end = session.clock.now() + _DECIDED
    while True:
        found = services(session.managing)
        seen = Seen("", found, tasks(session.managing, found))
        if session.clock.now() >= end or not any(_is_unplaced(task) and not task.error for task in seen.tasks):
            return seen
        session.clock.sleep(_PAUSE)


def _without_node(seen: Seen) -> Iterator[str]:
    for service in seen.services:
        own = seen.tasks_of(service)
        if why := next((task.error for task in own if _is_unplaced(task) and task.error), ""):
            running = sum(task.serves for task in own)
            yield f"{service.name} runs {running} of {service.replicas} tasks now, and no node takes another: {why}"


def _is_unplaced(task: TaskSeen) -> bool:
    return task.is_coming and not task.node


def _runs(session: Session, node: NodeSeen) -> bool:
    printed = ask(session.managing, "docker", "node", "ps", "--format", "{{.CurrentState}}", node.id)
    return any(line.startswith("Running") for line in printed.splitlines())
