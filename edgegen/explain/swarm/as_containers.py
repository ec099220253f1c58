"""A swarm's services as containers, whose labels, flags, variables and mounts `explain` already judges. Pure."""

from __future__ import annotations

import re

from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.tasks import TaskSeen
from edgegen.explain.engine_view import Inside
from edgegen.explain.swarm.view import SwarmInside
from edgegen.traefik.log import LogLine, read_log
from edgegen.traefik.named import defined

_MIDDLEWARES = "middlewares"
_MISSED = re.compile(r'middleware "([^"@]+)@swarm" does not exist')


def as_inside(seen: SwarmInside) -> Inside:
    """The service and the edge, each as one container: that of its task that runs, or else of its newest one."""
    known = {thing.name for item in seen.everything for thing in defined(item.labels, "") if thing.kind == _MIDDLEWARES}
    return Inside(
        traefik=_container(seen, seen.edge) if seen.edge else None,
        behind=(_container(seen, seen.service),) if seen.service else (),
        log=tuple(line for line in read_log(seen.log) if not _is_over(line, known)),
        own_log=seen.own_log,
    )


def _is_over(line: LogLine, known: set[str]) -> bool:
    """A middleware that Traefik missed before it saw the service that has it: at its start, its own labels."""
    found = _MISSED.search(line.text)
    return found is not None and found[1].lower() in known


def _container(seen: SwarmInside, service: ServiceSeen) -> ContainerSeen:
    own = seen.of(service)
    task = next((task for task in own if task.serves), own[0] if own else None)
    return ContainerSeen(
        id=task.id if task else service.id,
        name=service.name,
        service=service.short_name,
        image=service.image,
        state=_state(task),
        exit_code=task.exit_code if task else 0,
        complaint=task.error if task else "",
        started=task.since if task and task.serves else "",
        labels=service.labels,
        args=service.args,
        variables=service.variables,
        settings=service.settings,
        networks=dict.fromkeys(seen.networks_of(service), ""),
        mounts=service.mounts,
    )


def _state(task: TaskSeen | None) -> str:
    """The engine's words for a container; a task has others."""
    if task is None:
        return "without a task"
    return "running" if task.serves else task.state
