"""Host ports of a stack that something else holds on the node where it needs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from edgegen.core.errors import Problem
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.model import Published
from edgegen.deploy.preflight import ask_the_kernel, held_by_container, overlaps
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.stack_file import Service, StackFile
from edgegen.deploy.swarm.tasks import TaskSeen


class Ground(Struct, frozen=True):
    """What holds ports: other services and their tasks, and the containers of the engine's own node."""

    services: Sequence[ServiceSeen]
    tasks: Sequence[TaskSeen]
    containers: Sequence[ContainerSeen]
    own_node: str
    """The id of the node whose containers these are."""
    is_local: bool = False
    """Whether that node is this machine, so that its kernel can be asked."""


def port_problems(stack: StackFile, pinned: Mapping[str, NodeSeen], ground: Ground) -> Iterator[Problem]:
    """For each host port: its node is the one whose label the service asks for, or any."""
    for service in stack:
        node = next((pinned[label] for label in sorted(service.labels) if label in pinned), None)
        for number, protocol in service.host_ports:
            port = Published(number, protocol, service=service.name)
            yield from _of_services(stack.name, port, node, ground)
            if node is not None and node.id == ground.own_node:
                yield from _of_the_node(stack.name, service, port, ground)


def _of_services(stack: str, port: Published, node: NodeSeen | None, ground: Ground) -> Iterator[Problem]:
    for other in ground.services:
        if other.stack == stack:
            continue
        on_host = any(overlaps(port, held) for held in other.host_ports)
        if on_host and node is not None and _is_there(other, node, ground.tasks):
            yield _held(port, other, f"on node `{node.hostname}`")
        elif not on_host and any(overlaps(port, held) for held in other.ports):
            yield _held(port, other, "on every node")


def _is_there(service: ServiceSeen, node: NodeSeen, tasks: Iterable[TaskSeen]) -> bool:
    return any(task.service == service.id and task.node == node.id and task.is_wanted for task in tasks)


def _held(port: Published, other: ServiceSeen, where: str) -> Problem:
    of = f" of stack `{other.stack}`" if other.stack else ""
    remove = f"`docker stack rm {other.stack}`" if other.stack else f"`docker service rm {other.name}`"
    return Problem(
        f"port {port.port}/{port.protocol} is held by service `{other.name}`{of} {where}",
        path=f"services.{port.service}.ports",
        hint=f"choose another node, stop the other one ({remove}), or let one edge serve both",
    )


def _of_the_node(stack: str, service: Service, port: Published, ground: Ground) -> Iterator[Problem]:
    owners = [one for one in ground.containers if any(overlaps(port, held) for held in one.ports)]
    # Containers of services are judged as services: what a rolling update leaves for a moment does not count.
    strangers = [one for one in owners if not one.labels.get("com.docker.swarm.service.id")]
    if strangers:
        yield held_by_container(port, strangers[0])
    elif ground.is_local and not owners and not _is_ours(stack, service, port, ground.services):
        yield from ask_the_kernel(port)


def _is_ours(stack: str, service: Service, port: Published, services: Iterable[ServiceSeen]) -> bool:
    """Whether the same service holds it already: the kernel does not say which."""
    own = (one for one in services if one.stack == stack and one.short_name == service.name)
    return any(overlaps(port, held) for one in own for held in one.ports)
