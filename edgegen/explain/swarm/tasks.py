"""The last link on a swarm: the tasks of the service behind the host, and what keeps them from running. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from edgegen.core.location import Location
from edgegen.core.show import shown
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.tasks import TaskSeen
from edgegen.explain.insight import unseen_link
from edgegen.explain.swarm.view import SwarmInside
from edgegen.explain.wanted import Wanted
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State

_LONGEST = 200
_UNHEALTHY = "unhealthy container"
_KNOWN = (
    (re.compile(r"No such image|pull access denied|manifest unknown|unauthorized|repository does not exist"), "image",
     "is the image's name right? For a private one, log in with `docker login` before `edgegen up`, which passes the "
     "login on to every node"),
    (re.compile(r"scheduling constraints not satisfied"), "deploy",
     "`docker node ls`, and `docker node inspect` for the labels; `docker node update --label-add` sets one"),
    (re.compile(r"host-mode port already in use"), "ports",
     "another service holds the port: `docker service ls` and `docker service inspect` name it"),
    (re.compile(r"insufficient resources"), "cpus", "the service reserves more than any node has left"),
    (re.compile(r"unsupported platform"), "image", "the image is for another processor than the nodes have"),
    (re.compile(r"invalid mount config|bind source path does not exist"), "volumes",
     "the path must exist on every node that may run the service"),
    (re.compile(_UNHEALTHY), "healthcheck", "`edgegen logs {}` shows what it wrote before its health check failed"),
)  # fmt: skip
"""What a task's error says -> the key of the service that it is about, and what to do."""


class Trouble(Struct, frozen=True):
    """Why a service has no task that runs, as a sentence, with what to do and the key of the spec that it is about."""

    sentence: str
    hint: str = ""
    key: str = ""


def tasks_link(seen: SwarmInside, wanted: Wanted | None, links: Iterable[Link], where: Location | None) -> Link:
    """The tasks of the service behind the host; `links` are those before it."""
    if seen.trouble or (wanted and wanted.without_container):
        return unseen_link(wanted, seen.trouble, seen.hint, where)
    if seen.service is None:
        name = (
            f"the stack `{wanted.project}` has no service `{wanted.service}`" if wanted else "no service has the host"
        )
        return Link(Hop.CONTAINER, State.BROKEN, name, where, "`edgegen up` deploys it")
    found = trouble(seen, seen.service)
    if found is None:
        return Link(Hop.CONTAINER, State.GOOD, _standing(seen, seen.service), where, also=_also(seen, seen.service))
    place = wanted.key_place(found.key) if wanted else where
    if any(link.hop is Hop.SERVICE and link.state is State.GOOD for link in links):
        sentence = f"{found.sentence}, but the service answers: is this its swarm?"
        return Link(Hop.CONTAINER, State.NOT_SEEN, sentence, place)
    return Link(Hop.CONTAINER, State.BROKEN, found.sentence, place, found.hint, also=tuple(update_words(seen.service)))


def trouble(seen: SwarmInside, service: ServiceSeen) -> Trouble | None:
    """Why no task of a service runs; None if one does."""
    own = seen.of(service)
    if any(task.serves for task in own):
        return None
    if service.mode == "replicated" and service.replicas == 0:
        return Trouble(f"{service.name} has 0 replicas", "`edgegen up` starts as many as edge.yaml says", "deploy")
    if not own:
        return Trouble(f"{service.name} has no task", f"`docker service ps {service.name}` shows why", "")
    return _of_task(seen, service, _telling(own))


_UPDATES = {
    "updating": "{} is being updated since {}",
    "paused": "the last update of {} is paused: some of its tasks are old, and some are new",
    "rollback_paused": "the last update of {} failed, and so did its rollback: some of its tasks are old, some are new",
    "rollback_completed": "the last update of {} failed, and was rolled back",
}


def update_words(service: ServiceSeen) -> Iterator[str]:
    """What there is to say of the last update of a service, if it has not simply worked."""
    if words := _UPDATES.get(service.update.state):
        yield words.format(service.name, f"{service.update.started[:19]}Z")


def task_errors(seen: SwarmInside, service: ServiceSeen) -> Iterator[str]:
    """What is wrong with tasks of a service, each kind once, the newest first."""
    said = {task.error: task for task in reversed(seen.of(service)) if task.error and task.is_wanted}
    return (_sentence(seen, service, task) for task in reversed(said.values()))


def _telling(own: Sequence[TaskSeen]) -> TaskSeen:
    """The task that says most: a wanted one with an error, else the last that failed, else the newest."""
    wanted = [task for task in own if task.is_wanted]
    failed = [task for task in own if task.has_failed]
    return next(iter([task for task in wanted if task.error] + failed + wanted + list(own)))


def _of_task(seen: SwarmInside, service: ServiceSeen, task: TaskSeen) -> Trouble:
    sentence = _sentence(seen, service, task)
    for pattern, key, hint in _KNOWN:
        if pattern.search(task.error):
            rules = f" (it asks for {shown(', '.join(service.constraints), _LONGEST)})" if key == "deploy" else ""
            return Trouble(sentence + rules, hint.format(service.short_name), key)
    if task.state == "complete":
        hint = "a service that must not end needs `restart: always`; `on-failure` leaves one that ended with 0 as it is"
        return Trouble(f"{sentence}: it ended with exit code 0, and the swarm does not start it again", hint, "restart")
    if task.is_coming:
        return Trouble(sentence, "Traefik uses it as soon as it runs: wait, or see `edgegen status`")
    return Trouble(sentence, f"`edgegen logs {service.short_name} --tail 50` shows its output")


def _sentence(seen: SwarmInside, service: ServiceSeen, task: TaskSeen) -> str:
    name = f"{service.name}.{task.slot}" if task.slot else service.name
    at = f" on {seen.node_of(task)}" if task.node else ""
    said = f": {shown(task.error, _LONGEST)}" if task.error else ""
    return f"{name} is {task.state}{at}{said}"


def _standing(seen: SwarmInside, service: ServiceSeen) -> str:
    """`web_app: 2 of 3 tasks run, on one and two`."""
    own = [task for task in seen.of(service) if task.serves]
    nodes = list(dict.fromkeys(seen.node_of(task) for task in own))
    many = f"{len(own)} of {service.replicas} tasks run" if service.replicas else f"{len(own)} tasks run"
    if service.replicas == 1 == len(own):
        many = "its task runs"
    return f"{service.name}: {many}, on {' and '.join(filter(None, [', '.join(nodes[:-1]), nodes[-1]]))}"


def _also(seen: SwarmInside, service: ServiceSeen) -> tuple[str, ...]:
    """Other tasks that don't run, and nodes that are not well."""
    ill = {
        seen.nodes[task.node].hostname: seen.nodes[task.node].state
        for task in seen.of(service)
        if task.serves and task.node in seen.nodes and seen.nodes[task.node].state != "ready"
    }
    return (*task_errors(seen, service), *(f"the node {name} is {state}" for name, state in ill.items()))
