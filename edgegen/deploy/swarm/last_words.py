"""What the tasks that made a start fail wrote last: on which node they ran is hard to find out afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from edgegen.core.errors import OutsideError
from edgegen.deploy.backends.base import LOG_LINES, MOST_SHOWN, Reporter
from edgegen.deploy.containers import containers
from edgegen.deploy.swarm.standing import Seen, given_up
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.swarm.tasks import TaskSeen, task_log
from edgegen.deploy.terminal_text import tail

_PATIENCE = 10.0
"""Seconds for a log: a node that does not answer keeps the client waiting."""


def show_last_words(talk: Talk, reporter: Reporter, seen: Seen, names: Iterable[str], known: Collection[str]) -> None:
    """For each of these services, the last log lines of the task that tells most. `known` are the tasks of before."""
    chosen = list(_chosen(seen, names, known))[:MOST_SHOWN]
    complaints = _complaints(talk) if any(_may_be_unhealthy(task) for _, task in chosen) else {}
    for name, task in chosen:
        if complaint := complaints.get(task.container):
            reporter.note(f"the health check of `{name}` printed: {complaint}")
        if last := _last_lines(talk, name, task):
            node = next((one.hostname for one in seen.nodes if one.id == task.node), "")
            where = f" on node `{node}`" if node and len(seen.nodes) > 1 else ""
            reporter.note(f"the last log lines of `{name}`{where} (at most {LOG_LINES}):\n{last}")


def _chosen(seen: Seen, names: Iterable[str], known: Collection[str]) -> Iterator[tuple[str, TaskSeen]]:
    for name in names:
        service = seen.service(name)
        found = _telling(seen.tasks_of(service), known) if service else []
        if found:
            yield name, max(found, key=lambda task: (task.id not in known, task.has_failed))


def _telling(tasks: Sequence[TaskSeen], known: Collection[str]) -> list[TaskSeen]:
    """Those that have had a container, and do not run; the newest first. One that failed before this
    start says something about it only if the swarm has left it at that."""
    left = {task.id for task in given_up(tasks)}
    return [
        task
        for task in tasks
        if task.container
        and (task.has_failed or task.is_coming or task.state == "complete")
        and (task.id not in known or task.is_coming or task.id in left)
    ]


def _may_be_unhealthy(task: TaskSeen) -> bool:
    return "unhealthy" in task.error or task.state == "starting"


def _complaints(talk: Talk) -> dict[str, str]:
    """Container -> what its health check printed last. Only this node's engine can be asked."""
    with suppress(OutsideError):  # it would only explain the error that is reported
        return {item.id: item.complaint for item in containers(talk)}
    return {}


def _last_lines(talk: Talk, name: str, task: TaskSeen) -> str:
    """Both outputs, in the order of their times, each line with its task in front as Compose has its container."""
    with suppress(OutsideError):
        lines = [line.partition(" ") for line in task_log(talk, task, lines=LOG_LINES, seconds=_PATIENCE).splitlines()]
        dated = [(time, text) for time, _, text in lines if _is_time(time)]
        mine = f"{name}.{task.slot}" if task.slot else name
        return tail("\n".join(f"{mine}  | {text}" for _, text in sorted(dated, key=lambda line: line[0])), LOG_LINES)
    return ""


def _is_time(word: str) -> bool:
    """The engine's own remarks have none."""
    try:
        return datetime.fromisoformat(word).tzinfo == UTC
    except ValueError:
        return False
