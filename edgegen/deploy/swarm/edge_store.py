"""acme.json of a stack's edge, on a volume of the node that runs Traefik: only the engine of that node reads it."""

from __future__ import annotations

from edgegen.core.errors import OutsideError
from edgegen.deploy.container_file import ContainerFile, read_container_file
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.check import membership_problems
from edgegen.deploy.swarm.nodes import membership, nodes
from edgegen.deploy.swarm.services import services
from edgegen.deploy.swarm.tasks import tasks


def read_edge_file(runner: Executor, stack: str, service: str, path: str) -> ContainerFile | None:
    """A file of the edge's task; None if it has none. Raises OutsideError, in words, where it can't be read from here.

    `service` is the edge's name in the stack.
    """
    found = membership(runner)
    if refused := list(membership_problems(found)):
        raise OutsideError(refused)
    edge = next((item for item in services(runner, stack) if item.short_name == service), None)
    if edge is None:
        raise OutsideError(f"this swarm has no service `{service}` of the stack `{stack}`")
    task = next((task for task in tasks(runner, [edge]) if task.serves), None)
    if task is None:
        raise OutsideError(f"no task of {edge.name} runs, and only a running one shows its volume")
    if task.node != found.node:
        name = next((node.hostname for node in nodes(runner) if node.id == task.node), task.node)
        raise OutsideError(
            f"{edge.name} runs on the node `{name}`, and this engine is another one",
            hint=f"ask that engine: `--host ssh://me@{name}`",
        )
    return read_container_file(runner, task.container, path)
