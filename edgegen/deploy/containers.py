"""Containers as the engine describes them: state, health, labels, flags, networks. Never the values of variables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Command
from edgegen.deploy.engine import ask
from edgegen.deploy.runner import Executor
from edgegen.deploy.screen import tail

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
_ONE_OFF = "com.docker.compose.oneoff"
_AT_ONCE = 100
"""Containers of one `docker inspect`: a command line has an end."""

# Variables are cut down to their names by the engine's client itself: the values are often secrets.
_FORMAT = (
    '{"id":{{json .Id}},"name":{{json .Name}},"image":{{json .Config.Image}},"state":{{json .State}},'
    '"labels":{{json .Config.Labels}},"args":{{json .Args}},"networks":{{json .NetworkSettings.Networks}},'
    '"mounts":{{json .Mounts}},'
    '"variables":[{{range .Config.Env}}{{json (index (split . "=") 0)}},{{end}}null]}'
)


@dataclass(frozen=True, slots=True)
class ContainerSeen:
    """One container, running or not."""

    id: str
    name: str
    service: str = ""
    """Its service of the compose project, or ""."""
    image: str = ""
    state: str = ""
    """The engine's word: `running`, `exited`, `restarting` …"""
    exit_code: int = 0
    health: str = ""
    """`healthy`, `starting`, `unhealthy`, or "" without a health check."""
    complaint: str = ""
    """What its last failing health check printed, or why the engine could not start it."""
    started: str = ""
    """When it was started last, RFC 3339."""
    labels: Mapping[str, str] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    variables: frozenset[str] = frozenset()
    """The names of its variables."""
    networks: Mapping[str, str] = field(default_factory=dict)
    """Real name of a network -> the container's address there."""
    mounts: Mapping[str, str] = field(default_factory=dict)
    """Path inside -> path on the host, or the volume's name."""

    @property
    def serves(self) -> bool:
        """Whether Traefik routes to it: it leaves out what does not run, and what is not healthy (yet)."""
        return self.state == "running" and self.health in ("", "healthy")

    @property
    def standing(self) -> str:
        """`is exited (1)`, `is running and unhealthy`."""
        if self.state == "running" and self.health:
            return f"is running and {self.health}"
        return f"is {self.state} ({self.exit_code})" if self.state in ("exited", "dead") else f"is {self.state}"


def containers(runner: Executor, project: str | None = None) -> tuple[ContainerSeen, ...]:
    """The containers of a compose project, or all of the engine. Raises OutsideError where it does not answer."""
    words = ("--filter", f"label={PROJECT}={project}") if project is not None else ()
    ids = ask(runner, "docker", "ps", "--all", "--quiet", "--no-trunc", *words).split()
    return tuple(
        found for chunk in _chunks(ids) for found in parse_containers(_inspect(runner, chunk)) if not _is_one_off(found)
    )


def container_log(runner: Executor, container: ContainerSeen, *, lines: int) -> str:
    """What a container wrote last to both of its outputs, each line with the engine's time. Raises OutsideError."""
    command = Command(("docker", "logs", "--timestamps", "--tail", str(lines), container.id))
    result = runner.run(command)
    if not result.ok:
        raise OutsideError(f"the log of {container.name} can't be read: {tail(result.stderr, 2)}")
    return f"{result.stdout}\n{result.stderr}"


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))


def _inspect(runner: Executor, ids: Sequence[str]) -> str:
    """A container that has gone since it was listed makes `docker inspect` fail, and the others are printed."""
    return runner.run(Command(("docker", "inspect", "--type", "container", "--format", _FORMAT, *ids))).stdout


def parse_containers(text: str) -> Iterator[ContainerSeen]:
    """The lines of `docker inspect`; what is none of them is left out."""
    for line in text.splitlines():
        try:
            data = json.loads(line)
        except ValueError:
            continue
        if isinstance(data, dict):
            yield _container(data)


def _container(data: Mapping[str, Any]) -> ContainerSeen:
    state = data.get("state") or {}
    labels = data.get("labels") or {}
    networks = data.get("networks") or {}
    return ContainerSeen(
        id=str(data.get("id") or ""),
        name=str(data.get("name") or "").removeprefix("/"),
        service=str(labels.get(SERVICE, "")),
        image=str(data.get("image") or ""),
        state=str(state.get("Status", "")),
        exit_code=int(state.get("ExitCode") or 0),
        health=_health(state),
        complaint=_complaint(state),
        started=str(state.get("StartedAt", "")),
        labels={str(name): str(value) for name, value in labels.items()},
        args=tuple(map(str, data.get("args") or ())),
        variables=frozenset(name for name in data.get("variables") or () if name),
        networks={str(name): str((seen or {}).get("IPAddress", "")) for name, seen in networks.items()},
        mounts=dict(_mounts(data.get("mounts") or ())),
    )


def _health(state: Mapping[str, Any]) -> str:
    word = str((state.get("Health") or {}).get("Status", ""))
    return "" if word == "none" else word


def _complaint(state: Mapping[str, Any]) -> str:
    checks = (state.get("Health") or {}).get("Log") or []
    failed = [check for check in checks if check.get("ExitCode")]
    return tail(str(failed[-1].get("Output", "") if failed else state.get("Error", "")), 3)


def _mounts(mounts: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for mount in mounts:
        yield str(mount.get("Destination", "")), str(mount.get("Name") or mount.get("Source", ""))


def _is_one_off(container: ContainerSeen) -> bool:
    """A container of `docker compose run` serves nobody."""
    return container.labels.get(_ONE_OFF, "").lower() == "true"
