"""The tasks of a swarm's services: which node has them, how they are, and why they are not what they should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.core.errors import OutsideError
from edgegen.deploy.answers import Reader
from edgegen.deploy.command import MOST_LOG_BYTES, PROBE_TIMEOUT, Command
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected, listed_of
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.terminal_text import tail

_TASK = Reader("docker inspect")
_FORMAT = (
    '{"id":{{json .ID}},"service":{{json .ServiceID}},"node":{{json .NodeID}},"slot":{{json .Slot}},'
    '"desired":{{json .DesiredState}},"status":{{json .Status}},"created":{{json .CreatedAt}},'
    '"networks":{{json .NetworksAttachments}}{{with .Spec.ContainerSpec}},"image":{{json .Image}}{{end}}}'
)
COMING = ("new", "pending", "assigned", "accepted", "preparing", "ready", "starting")
"""The states before `running`, in their order."""


class TaskSeen(Struct, frozen=True):
    """One task, present or past."""

    id: str
    service: str
    """The id of its service."""
    state: str
    """`running`, `rejected`, `failed`, `pending`, `complete` … A task whose health is not known yet is `starting`."""
    desired: str
    """`running`, `ready` or `accepted` for one that is wanted, `shutdown` or `remove` for one that is past."""
    node: str = ""
    """The id of its node; "" before it is placed."""
    slot: int = 0
    """Which of the replicas it is; 0 for a global service."""
    error: str = ""
    """The engine's words about why it failed, was rejected or has no node."""
    message: str = ""
    exit_code: int = 0
    container: str = ""
    """The id of its container."""
    image: str = ""
    since: str = ""
    """When it entered its state, RFC 3339."""
    created: str = ""
    networks: Mapping[str, str] = field(default_factory=dict)
    """Real name of a network -> its address there."""

    @property
    def is_wanted(self) -> bool:
        """Whether the swarm wants it to run, or to be ready to."""
        return self.desired in ("running", "ready", "accepted")

    @property
    def serves(self) -> bool:
        """Whether Traefik routes to it: it runs, and is wanted to."""
        return self.state == "running" and self.desired == "running"

    @property
    def is_coming(self) -> bool:
        """Whether it has not run yet but may."""
        return self.is_wanted and self.state in COMING

    @property
    def place(self) -> int | str:
        """What it has in common with the tasks before and after it: which of the replicas it is, or its node."""
        return self.slot or self.node

    @property
    def has_failed(self) -> bool:
        return self.state in ("failed", "rejected", "orphaned")


def tasks(runner: Executor, services: Iterable[ServiceSeen]) -> tuple[TaskSeen, ...]:
    """The tasks of these services, past ones included, the newest first. Raises OutsideError."""
    ids = listed_of(runner, [service.id for service in services], "service", "ps", "--quiet", "--no-trunc")
    found = map(_task, inspected(runner, ids, _FORMAT, _TASK, "inspect", "--type", "task"))
    return tuple(sorted(found, key=lambda task: task.created, reverse=True))


def task_log(runner: Executor, task: TaskSeen, *, lines: int, seconds: float = PROBE_TIMEOUT) -> str:
    """The last lines of both outputs of a task, wherever it runs, each with the engine's time. Raises OutsideError.

    If a node does not answer, what was read until then is returned.
    """
    words = ("docker", "service", "logs", "--raw", "--timestamps", "--tail", str(lines), task.id)
    result = runner.run(Command(words, seconds, most=MOST_LOG_BYTES))
    if not result.ok and not result.stdout:
        raise OutsideError(f"the log of task {task.id} can't be read: {tail(result.stderr, 2)}")
    return f"{result.stdout}\n{result.stderr}"


def _task(data: Mapping[str, Any]) -> TaskSeen:
    status = _TASK.mapping(data.get("status"), "status")
    container = _TASK.mapping(status.get("ContainerStatus"), "ContainerStatus")
    return TaskSeen(
        id=_TASK.text(data.get("id"), "id"),
        service=_TASK.text(data.get("service"), "service"),
        state=_TASK.text(status.get("State"), "State"),
        desired=_TASK.text(data.get("desired"), "desired"),
        node=_TASK.text(data.get("node"), "node"),
        slot=_TASK.number(data.get("slot"), "slot"),
        error=_TASK.text(status.get("Err"), "Err"),
        message=_TASK.text(status.get("Message"), "Message"),
        exit_code=_TASK.number(container.get("ExitCode"), "ExitCode"),
        container=_TASK.text(container.get("ContainerID"), "ContainerID"),
        image=_TASK.text(data.get("image"), "image"),
        since=_TASK.text(status.get("Timestamp"), "Timestamp"),
        created=_TASK.text(data.get("created"), "created"),
        networks=dict(_networks(_TASK.mappings(data.get("networks"), "networks"))),
    )


def _networks(attachments: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for attachment in attachments:
        network = _TASK.mapping(attachment.get("Network"), "Network")
        name = _TASK.text(_TASK.mapping(network.get("Spec"), "Spec").get("Name"), "Name")
        addresses = _TASK.items(attachment.get("Addresses"), "Addresses")
        yield name, _TASK.text(addresses[0], "Addresses").partition("/")[0] if addresses else ""
