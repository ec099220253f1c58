"""The services and tasks of a swarm as the standing of a project. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgegen.compose.swarm_names import in_stack
from edgegen.deploy.health import UNHEARD, Replicas, Row, Standing, Verdict
from edgegen.deploy.model import Project
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.tasks import TaskSeen


class Seen(Struct, frozen=True):
    """What a manager says about one stack at one moment."""

    stack: str
    services: tuple[ServiceSeen, ...] = ()
    tasks: tuple[TaskSeen, ...] = ()
    nodes: tuple[NodeSeen, ...] = ()

    def service(self, name: str) -> ServiceSeen | None:
        """A service by its name in the file."""
        return next((one for one in self.services if one.name == in_stack(self.stack, name)), None)

    def tasks_of(self, service: ServiceSeen) -> tuple[TaskSeen, ...]:
        """Its tasks, the newest first."""
        return tuple(task for task in self.tasks if task.service == service.id)


_SCALED = "it was scaled to 0 on the swarm, but the file says {}; `edgegen up` sets that again"


def is_off(service: ServiceSeen) -> bool:
    """Whether the swarm is to run none of it."""
    return service.mode == "replicated" and service.replicas == 0


def wanted_tasks(service: ServiceSeen, tasks: Sequence[TaskSeen]) -> int:
    """How many tasks should run: for a service on every node, as many as the swarm has made."""
    return service.replicas if not service.mode.startswith("global") else sum(task.is_wanted for task in tasks)


def settled_tasks(service: ServiceSeen, tasks: Sequence[TaskSeen]) -> int:
    """How many tasks run; those that may end with 0 and did count too, each slot once."""
    running = sum(task.serves for task in tasks)
    return running + len({task.place for task in ended(service, tasks)})


def standing(project: Project, seen: Seen) -> Standing:
    """One row for each task that the swarm wants or that has ended well, and one for what a service lacks."""
    nodes = {node.id: node for node in seen.nodes}
    rows: list[Row] = []
    replicas: list[Replicas] = []
    of_file = {service.name: service for service in project.services}
    for name in sorted({*of_file, *(service.short_name for service in seen.services)}):
        service = seen.service(name)
        if service is None:
            rows.append(Row(name, image=of_file[name].image))
            continue
        tasks = seen.tasks_of(service)
        rows += _rows(service, tasks, nodes)
        wanted = wanted_tasks(service, tasks)
        if is_off(service) and (asked := of_file[name].replicas if name in of_file else 0):
            rows.append(Row(name, image=_image(service.image), error=_SCALED.format(asked)))
        update = service.update
        settled = settled_tasks(service, tasks)
        replicas.append(Replicas(name, settled, wanted, update.state, update.message, update.has_failed))
    return Standing(seen.stack, tuple(rows), tuple(replicas))


def _rows(service: ServiceSeen, tasks: Sequence[TaskSeen], nodes: Mapping[str, NodeSeen]) -> Iterator[Row]:
    shown = [*(task for task in tasks if task.is_wanted), *ended(service, tasks)]
    rows = [_row(service, task, tasks, nodes) for task in shown]
    wanted = wanted_tasks(service, tasks)
    if len(shown) < max(wanted, 1) and not is_off(service):
        short = f"{len(shown)} of {wanted} containers" if shown else ""
        error = next((task.error for task in tasks if task.error), "")
        rows.append(Row(service.short_name, image=_image(service.image), short_of=short, error=error))
    return iter(sorted(rows, key=lambda row: row.container))


def ended(service: ServiceSeen, tasks: Iterable[TaskSeen]) -> list[TaskSeen]:
    """The newest task of each slot, where it has ended with 0 as it may, and no other is on its way."""
    return [task for task in _newest(tasks) if task.state == "complete"] if service.ends else []


def given_up(tasks: Iterable[TaskSeen]) -> list[TaskSeen]:
    """The newest task of each slot, where it has failed and no other is on its way: its restart policy allows none."""
    return [task for task in _newest(tasks) if task.has_failed and not task.is_wanted]


def _newest(tasks: Iterable[TaskSeen]) -> Iterable[TaskSeen]:
    newest: dict[object, TaskSeen] = {}
    for task in tasks:
        newest.setdefault(task.place, task)
    return newest.values()


def _row(service: ServiceSeen, task: TaskSeen, tasks: Sequence[TaskSeen], nodes: Mapping[str, NodeSeen]) -> Row:
    host = nodes.get(task.node)
    node = host.hostname if host else task.node
    row = Row(
        service=service.short_name,
        container=f"{service.short_name}.{task.slot or node}",
        state=task.state,
        health=_health(service, task),
        exit_code=task.exit_code,
        ports=tuple(f"{port.port}->{port.protocol}" for port in service.host_ports) if task.serves else (),
        image=_image(task.image or service.image),
        node=node,
    )
    if task.state == "complete":
        return replace(row, verdict=Verdict.DONE)
    if task.serves and host and host.state != "ready":
        # The managers say so of every task of a node until they count it as lost.
        return replace(row, state=UNHEARD, health="", error=f"its node is {host.state}", verdict=Verdict.PENDING)
    if task.serves:
        return replace(row, verdict=Verdict.HEALTHY)
    before = next((old for old in tasks if old.place == task.place and old.has_failed and old.id != task.id), None)
    error = task.error or (before.error if before else "")
    # A task that waits after a failed one of the same slot has its trouble before it.
    return replace(row, error=error, verdict=Verdict.ILL if before else Verdict.PENDING)


def _health(service: ServiceSeen, task: TaskSeen) -> str:
    """A task with a health check runs only once it is healthy, and the swarm stops it when it no longer is."""
    if task.state == "starting":
        return "starting"
    return "healthy" if service.is_checked and task.serves else ""


def _image(image: str) -> str:
    return image.partition("@")[0]
