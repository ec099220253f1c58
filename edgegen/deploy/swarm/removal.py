"""`docker stack rm`, and waiting for what it leaves behind: it ends before its tasks and networks are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edgegen.compose.swarm_names import ACME_VOLUME, edge_node_label, volume_node_label
from edgegen.core.errors import OutsideError
from edgegen.deploy.backends.base import Changes
from edgegen.deploy.command import Command
from edgegen.deploy.docker_words import MISSING
from edgegen.deploy.engine import list_names
from edgegen.deploy.swarm import remains
from edgegen.deploy.swarm.asking import network_names
from edgegen.deploy.swarm.commands import remove_command
from edgegen.deploy.swarm.nodes import NodeSeen, labelled, membership, nodes
from edgegen.deploy.swarm.services import services
from edgegen.deploy.swarm.stack_file import StackFile
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.terminal_text import tail

PATIENCE = 120.0
"""Seconds for the tasks to end: a grace period of 30 seconds, and a slow engine."""
_AGAIN = 10.0
"""Seconds until what is left is removed again. What waits for no task is retried at once."""
_WAITING = ("service ", "container ")
_IN_USE = "in use"
_KEPT_NETWORK = "failed to remove network"
"""Docker's words for a network whose last task has not ended yet. An unreachable engine is another matter."""
_OF_OTHERS = re.compile(r"network (?P<network>\S+) is in use by service (?P<service>[a-z0-9]{25})")
"""Its words for one that someone else's service has: those of the stack are removed before. No line ends there."""


def remove(talk: Talk, stack: str, changes: Changes) -> None:
    """Remove a stack, and wait until its services, this node's containers, its networks, secrets and configs are gone.

    Raises OutsideError if `docker stack rm` fails for another reason than networks whose tasks have not ended yet.
    """
    end = talk.clock.now() + PATIENCE
    asked = -_AGAIN
    has_run = is_due = False
    while True:
        if is_due or talk.clock.now() - asked >= _AGAIN:
            asked = talk.clock.now()
            result = talk.run(remove_command(stack))
            if not result.ok and _KEPT_NETWORK not in result.stderr.lower():
                raise OutsideError(f"`docker stack rm {stack}` failed: {tail(result.stderr, 3)}")
            if not has_run:
                changes.ran("docker stack rm")
            has_run = True
            if found := _OF_OTHERS.search(result.stderr):
                raise _in_use(talk, found["network"], found["service"])
        left = remains.left(talk, stack)
        if not left or talk.clock.now() >= end:
            return
        is_due = not any(part.startswith(_WAITING) for part in left)
        talk.clock.sleep(1.0)


def _in_use(talk: Talk, network: str, service: str) -> OutsideError:
    name = network_names(talk).get(network, network)
    user = next((one.name for one in services(talk) if one.id == service), service)
    return OutsideError(
        f"network `{name}` can't be removed: service `{user}`, which is not of this stack, uses it",
        hint=f"`docker service update --network-rm {name} {user}` or `docker service rm {user}`; then run the command "
        "again",
    )


def volumes_here(talk: Talk, stack: StackFile) -> tuple[str, ...]:
    """The volumes on this node that the stack has made, and those that its file names: while the project ran with
    Compose, that made them. Raises OutsideError."""
    named = list_names(talk, "volume").intersection(stack.volumes.values())
    return tuple(sorted({*remains.volumes(talk, stack.name), *named}))


def remove_volumes(talk: Talk, stack: StackFile) -> list[str]:
    """Remove the volumes on this node; what was removed, and which ones stay on which nodes. Raises OutsideError."""
    here = membership(talk).node
    present = volumes_here(talk, stack)
    for name in present:
        _remove_volume(talk, name)
    others = [node for node in nodes(talk) if node.id != here]
    return [*(f"deleted volume `{name}`" for name in present), *_elsewhere(stack, others)]


def _remove_volume(talk: Talk, name: str) -> None:
    """The engine keeps a volume until the last container that had it is removed, which takes a moment."""
    end = talk.clock.now() + PATIENCE
    command = Command(("docker", "volume", "rm", name))
    while True:
        result = talk.run(command)
        if result.ok or MISSING.search(result.stderr):
            return
        if _IN_USE not in result.stderr or talk.clock.now() >= end:
            raise OutsideError(f"volume `{name}` could not be deleted: {tail(result.stderr, 2)}")
        talk.clock.sleep(1.0)


def _elsewhere(stack: StackFile, others: Sequence[NodeSeen]) -> Iterator[str]:
    """Volumes are deleted by the engine of their own node, and a manager can't tell it to."""
    for key, name in stack.volumes.items():
        label = edge_node_label(stack.name) if key == ACME_VOLUME else volume_node_label(stack.name, key)
        for node in labelled(others, label):
            yield (
                f"volume `{name}` stays on node `{node.hostname}`: `docker volume rm {name}` there deletes it with "
                "all its data"
            )
