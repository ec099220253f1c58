"""Whether what was deployed runs: judged from what a manager says at one moment. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from edgegen.core.errors import Problem
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.standing import Seen, given_up, settled_tasks, wanted_tasks
from edgegen.deploy.swarm.tasks import TaskSeen

STABLE = 5.0
"""Seconds that a new task without a health check must run before it counts: `docker service create` waits as long."""
NOTICED = 10.0
"""Seconds after a deployment in which a task of the old specification shows that the swarm has not begun an update."""
_HOPELESS = 3
"""Times that a new task is rejected for the same lack of an image before waiting is given up."""
_NO_IMAGE = "No such image"
_LISTED = 2.0
"""Seconds after which the next task of a slot would have been listed."""
_PLACED = 10.0
"""Seconds after which the scheduler would have found a node."""
_NOWHERE = re.compile(r"no suitable node \((?P<why>.+)\)")
_FOR_GOOD = ("scheduling constraints not satisfied", "unsupported platform", "missing plugin")
"""Its reasons that no other task's end, and no other node's return, removes."""
_MOST_ERRORS = 3
_UPDATED = "is being updated"
_NO_ROOM = ("insufficient resources", "max replicas per node")
_DONE = "it ended with exit code 0 while the update was watched, and Swarm takes every end for a failure"
_ENDS = (
    'if it does its work and ends, `restart: "no"` says so; `deploy: {update_config: {failure_action: continue}}` keeps'
    " a service of any kind from being rolled back"
)


class Deployment(Struct, frozen=True):
    """What was there before, and how long ago `docker stack deploy` ended."""

    known: frozenset[str] = frozenset()
    """The tasks of before."""
    age: float = 0.0
    """Seconds."""
    outdated: frozenset[str] = frozenset()
    """Services with a running task that was not started from their present specification."""
    unchanged_for: Mapping[str, float] = field(default_factory=dict)
    """Task -> seconds that it has been seen in its present state."""

    nodes: Mapping[str, str] = field(default_factory=dict)
    """Id -> name, where there are several: of what is missing only on some, the user must know on which."""

    def has_lasted(self, task: TaskSeen, seconds: float) -> bool:
        """Whether a task has been seen in its present state for so long."""
        return self.unchanged_for.get(task.id, 0.0) >= seconds


class Judgement(Struct, frozen=True):
    """Service -> why it is not there yet; `failed` are those for which waiting is of no use."""

    waiting: Mapping[str, str] = field(default_factory=dict)
    failed: tuple[Problem, ...] = ()

    @property
    def is_done(self) -> bool:
        return not self.waiting and not self.failed


def judge(wanted: Iterable[str], seen: Seen, made: Deployment) -> Judgement:
    """The state of each wanted service, by its name in the file."""
    waiting: dict[str, str] = {}
    failed: list[Problem] = []
    for name in wanted:
        service = seen.service(name)
        if service is None:
            waiting[name] = "is not on the swarm yet"
            continue
        tasks = seen.tasks_of(service)
        problem = _failure(name, service, tasks, made)
        if problem is not None:
            failed.append(problem)
        elif reason := _reason(service, tasks, made):
            waiting[name] = reason
    return Judgement(waiting, tuple(failed))


def late(judged: Judgement, seconds: float) -> list[Problem]:
    """What is wrong when the time is over."""
    return [
        Problem(f"{reason}, after {seconds:.0f} seconds", path=f"services.{name}", hint=_hint(name, [reason]))
        for name, reason in judged.waiting.items()
    ]


def _failure(name: str, service: ServiceSeen, tasks: Sequence[TaskSeen], made: Deployment) -> Problem | None:
    errors = _errors(tasks, made)
    if service.update.has_failed:
        if (
            service.ends
            and not errors
            and any(task.state == "complete" and task.id not in made.known for task in tasks)
        ):
            return Problem(_DONE, path=f"services.{name}", hint=_ENDS)
        why = "; ".join(errors) or service.update.message
        what = {
            "rollback_completed": "the update was rolled back, and the service runs as before",
            "rollback_paused": "the update failed, and so did the rollback: the swarm has stopped in between",
            "paused": "the update failed, and the swarm has stopped in between",
        }[service.update.state]
        return Problem(f"{what}: {why}", path=f"services.{name}", hint=_hint(name, errors))
    rejected = [task for task in tasks if task.id not in made.known and _NO_IMAGE in task.error]
    if len(rejected) >= _HOPELESS and not any(task.serves for task in tasks):
        return Problem(f"does not start: {'; '.join(errors)}", path=f"services.{name}", hint=_hint(name, errors))
    if why := next((why for task in tasks if (why := _nowhere(task)) and made.has_lasted(task, _PLACED)), ""):
        where = ", ".join(f"`{one}`" for one in service.constraints)
        hint = f"it asks for {where}; " if where else ""
        hint += "`edgegen swarm nodes` lists the nodes, and `docker node inspect NODE` shows what one has"
        return Problem(f"no node can run it: {why}", path=f"services.{name}", hint=hint)
    if ended := _is_given_up(service, tasks, made):
        said = "; ".join(_sentences(ended, made)) or f"exit code {ended[0].exit_code}"
        words = f"has ended, and its restart policy doesn't start it again: {said}"
        return Problem(words, path=f"services.{name}", hint=_logs(name))
    return None


def _nowhere(task: TaskSeen) -> str:
    """Why no node will ever fit a task, as things are; "" if one may."""
    found = _NOWHERE.search(task.error) if task.is_coming and not task.node else None
    reasons = found["why"].split("; ") if found else [""]
    return "; ".join(reasons) if all(reason.startswith(_FOR_GOOD) for reason in reasons) else ""


def _is_given_up(service: ServiceSeen, tasks: Sequence[TaskSeen], made: Deployment) -> list[TaskSeen]:
    """The failed tasks that are missing, and that the swarm has not replaced."""
    if service.update.goes_on or service.mode.startswith("global") or _begins_later(service, made):
        return []
    failed = [task for task in given_up(tasks) if made.has_lasted(task, _LISTED)]
    there = settled_tasks(service, tasks) + sum(task.is_coming for task in tasks)
    return failed if there < wanted_tasks(service, tasks) else []


def _begins_later(service: ServiceSeen, made: Deployment) -> bool:
    """Whether its update has not begun yet: what is seen is what was before."""
    return not service.update.state and service.id in made.outdated and made.age < NOTICED


def _reason(service: ServiceSeen, tasks: Sequence[TaskSeen], made: Deployment) -> str:
    """Why a service is not there yet; "" if it is."""
    update = service.update
    wanted, settled = wanted_tasks(service, tasks), settled_tasks(service, tasks)
    errors = _errors(tasks, made)
    why = f": {'; '.join(errors)}" if errors else ""
    if update.goes_on:
        doing = _UPDATED if update.state == "updating" else "is being rolled back"
        return f"{doing}{why}"
    if _begins_later(service, made):
        return "is about to be updated"
    if service.mode.startswith("global") and not wanted:
        return "has no node that fits"
    if settled < wanted:
        return f"has {settled} of {wanted} tasks running{why}"
    if young := _young(service, tasks, made):
        ended = _sentences((task for task in tasks if _has_crashed(task) and task.place in young), made)
        return f"was restarted and has not run for long yet: {'; '.join(ended)}" if ended else "has only just started"
    return ""


def _young(service: ServiceSeen, tasks: Sequence[TaskSeen], made: Deployment) -> frozenset[object]:
    """The places of tasks that run but have not lasted yet. One of before has, and one that the swarm has monitored or
    whose health is checked, unless another one failed in the same place: that may be a program that ends over and over.
    """
    judged = service.update.state == "completed" or service.is_checked
    failed = {task.place for task in tasks if _has_crashed(task)}
    return frozenset(
        task.place
        for task in tasks
        if task.serves
        and not made.has_lasted(task, STABLE)
        and (task.place in failed or not (judged or task.id in made.known))
    )


def _has_crashed(task: TaskSeen) -> bool:
    """Whether its program has run, and ended: one without an image, or on a node that was lost, says nothing."""
    return task.state == "failed"


def _errors(tasks: Iterable[TaskSeen], made: Deployment) -> list[str]:
    """What the swarm says about the tasks that are new, or wanted now."""
    return _sentences((task for task in tasks if task.id not in made.known or task.is_wanted), made)


def _sentences(tasks: Iterable[TaskSeen], made: Deployment) -> list[str]:
    """Each once, the newest first."""
    said = [f"{task.error.removeprefix('task: ')}{_where(task, made)}" for task in tasks if task.error]
    return list(dict.fromkeys(said))[:_MOST_ERRORS]


def _where(task: TaskSeen, made: Deployment) -> str:
    """A program ends in the same way on every node; images and folders may be missing only on some."""
    node = made.nodes.get(task.node) if task.state == "rejected" else None
    return f" (on node `{node}`)" if node else ""


def _hint(name: str, errors: Iterable[str]) -> str:
    if any(_NO_IMAGE in error for error in errors):
        return "push the image to a registry that every node reaches, and log in to it here: the login is sent along"
    if any(error.startswith(_UPDATED) and any(words in error for words in _NO_ROOM) for error in errors):
        return (
            "a new task starts before the old one stops: `deploy: {update_config: {order: stop-first}}` needs less room"
        )
    return _logs(name)


def _logs(name: str) -> str:
    return f"`edgegen logs {name} --tail 50` shows its output, `edgegen status` its tasks"
