"""What a swarm has of a stack: the service behind a host with its tasks, the edge with its own, and Traefik's log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from edgegen.core.errors import OutsideError
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import network_names
from edgegen.deploy.swarm.nodes import NodeSeen, membership, nodes
from edgegen.deploy.swarm.services import ServiceSeen, services
from edgegen.deploy.swarm.tasks import TaskSeen, task_log, tasks
from edgegen.explain.engine_view import LINES, OWN_LINES, has_rule, readable
from edgegen.explain.swarm.edges import edge_of, proxy_of
from edgegen.explain.wanted import Wanted

_NOT_THERE = "run it on a manager of the swarm, or pass `--host ssh://me@manager`"


@dataclass(frozen=True, slots=True)
class SwarmInside:
    """What was seen. With `trouble` nothing was seen, for that reason."""

    trouble: str = ""
    hint: str = ""
    service: ServiceSeen | None = None
    """The one behind the host."""
    edge: ServiceSeen | None = None
    proxy: ServiceSeen | None = None
    """What Traefik reads the engine through."""
    everything: tuple[ServiceSeen, ...] = ()
    """All services of the swarm."""
    tasks: tuple[TaskSeen, ...] = ()
    """Those of these three, the newest first."""
    nodes: Mapping[str, NodeSeen] = field(default_factory=dict)
    networks: Mapping[str, str] = field(default_factory=dict)
    """The id of a network -> its real name."""
    log: str = field(default="", repr=False)
    """What the edge's task wrote last."""
    own_log: str = field(default="", repr=False)
    """What the service's task wrote last; only read for registries."""

    def of(self, service: ServiceSeen | None) -> tuple[TaskSeen, ...]:
        """The tasks of a service."""
        return tuple(task for task in self.tasks if service is not None and task.service == service.id)

    def networks_of(self, service: ServiceSeen) -> tuple[str, ...]:
        """The real names of the networks of a service."""
        return tuple(self.networks.get(network, network) for network in service.networks)

    def node_of(self, task: TaskSeen) -> str:
        """The name of a task's node, or ""."""
        return self.nodes[task.node].hostname if task.node in self.nodes else task.node


def look_into_swarm(runner: Executor, host: str, wanted: Wanted | None) -> SwarmInside:
    """Ask the engine. If it fails, or is not a manager, `trouble` says so."""
    try:
        if not membership(runner).is_manager:
            return SwarmInside("not seen from here: this engine is not a manager of a swarm", _NOT_THERE)
        return _look(runner, host, wanted)
    except OutsideError as error:
        return SwarmInside(f"not seen from here: {error}", _NOT_THERE)


def serves_host(runner: Executor, host: str) -> bool:
    """Whether this engine is a manager whose swarm has a service with a router for a host."""
    try:
        return membership(runner).is_manager and _of_host(services(runner), host) is not None
    except OutsideError:
        return False


def _look(runner: Executor, host: str, wanted: Wanted | None) -> SwarmInside:
    found = services(runner)
    own = (item for item in found if wanted and (item.stack, item.short_name) == (wanted.project, wanted.service))
    service = next(own, None) if wanted else _of_host(found, host)
    if (wanted is None and service is None) or (wanted and not any(item.stack == wanted.project for item in found)):
        what = f"stack `{wanted.project}`" if wanted else f"a router for `{host}`"
        return SwarmInside(f"not seen from here: this swarm has no service of {what}", _NOT_THERE)
    edge = edge_of(found, wanted.edge_project if wanted else "", service)
    proxy = proxy_of(found, edge)
    seen = {item.id: item for item in (service, edge, proxy) if item is not None}
    present = tasks(runner, seen.values())
    return SwarmInside(
        service=service,
        edge=edge,
        proxy=proxy,
        everything=found,
        tasks=present,
        nodes={node.id: node for node in nodes(runner)},
        networks=network_names(runner),
        log=_log(runner, edge, present, LINES),
        own_log=_log(runner, service, present, OWN_LINES) if wanted and wanted.is_registry else "",
    )


def _of_host(found: Iterable[ServiceSeen], host: str) -> ServiceSeen | None:
    """Without a spec: any service with a rule for the host, wherever the label is."""
    both = ((item, labels) for item in found for labels in (item.labels, item.container_labels))
    return next((item for item, labels in both if has_rule(labels, host)), None)


def _log(runner: Executor, service: ServiceSeen | None, present: Sequence[TaskSeen], lines: int) -> str:
    """Of the task that runs, or else the newest one that has a container."""
    own = [task for task in present if service is not None and task.service == service.id]
    task = next((task for task in own if task.serves), next((task for task in own if task.container), None))
    return readable(lambda: task_log(runner, task, lines=lines)) if task else ""
