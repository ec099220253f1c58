"""Containers as the engine describes them: state, health, labels, flags, networks. Never the values of variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from edgegen.core.errors import OutsideError
from edgegen.deploy.answers import items, mapping, number, read_rows, text
from edgegen.deploy.command import MOST_LOG_BYTES, Command
from edgegen.deploy.engine import ask, last_complaint, names
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail
from edgegen.traefik.settings import Settings, settings

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
WORKING_DIR = "com.docker.compose.project.working_dir"
_ONE_OFF = "com.docker.compose.oneoff"
_INSPECT = "docker inspect"
_AT_ONCE = 100
"""Containers of one `docker inspect`: a command line has an end."""

# Variables are cut down to their names by the engine's client itself: the values are often secrets. Four settings of
# Traefik are none, and say whom it serves and how.
_READ = "CONSTRAINTS", "READTIMEOUT", "TRUSTEDIPS", "EXPOSEDBYDEFAULT"
_SETTINGS = (
    '{{range .Config.Env}}{{$words := split (index (split . "=") 0) "_"}}{{$last := ""}}'
    '{{range $words}}{{$last = .}}{{end}}{{if eq (index $words 0) "TRAEFIK"}}'
    + "{{if or "
    + " ".join(f'(eq $last "{word}")' for word in _READ)
    + "}}{{json .}},{{end}}{{end}}{{end}}"
)
_FORMAT = (
    '{"id":{{json .Id}},"name":{{json .Name}},"image":{{json .Config.Image}},"state":{{json .State}},'
    '"labels":{{json .Config.Labels}},"args":{{json .Args}},"networks":{{json .NetworkSettings.Networks}},'
    '"mounts":{{json .Mounts}},'
    '"variables":[{{range .Config.Env}}{{json (index (split . "=") 0)}},{{end}}null],'
    f'"settings":[{_SETTINGS}null]}}'
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
    settings: Mapping[str, str] = field(default_factory=dict)
    """The variables of Traefik that are no secrets, with their values."""
    networks: Mapping[str, str] = field(default_factory=dict)
    """Real name of a network -> the container's address there."""
    mounts: Mapping[str, str] = field(default_factory=dict)
    """Path inside -> path on the host, or the volume's name."""

    @property
    def serves(self) -> bool:
        """Whether Traefik routes to it: it leaves out what does not run, and what is not healthy (yet)."""
        return self.state == "running" and self.health in ("", "healthy")

    @property
    def project(self) -> str:
        """Its compose project, or ""."""
        return self.labels.get(PROJECT, "")

    @property
    def is_traefik(self) -> bool:
        """By its image's name, or by its flags."""
        name = self.image.partition("@")[0].rpartition("/")[2].partition(":")[0]
        return name == "traefik" or any(word.lower().startswith("--entrypoints.") for word in self.args)

    @property
    def static(self) -> Settings:
        """What it was started with, if it is a Traefik."""
        return settings(self.args, self.variables, self.settings)

    @property
    def standing(self) -> str:
        """`is exited (1)`, `is running and unhealthy`."""
        if self.state == "running" and self.health:
            return f"is running and {self.health}"
        return f"is {self.state} ({self.exit_code})" if self.state in ("exited", "dead") else f"is {self.state}"


def containers(runner: Executor, project: str | None = None) -> tuple[ContainerSeen, ...]:
    """The containers of a compose project, or all of the engine. Raises OutsideError where it does not answer."""
    words = ("--filter", f"label={PROJECT}={project}") if project is not None else ()
    ids = names(ask(runner, "docker", "ps", "--all", "--quiet", "--no-trunc", *words))
    return tuple(
        found for chunk in _chunks(ids) for found in parse_containers(_inspect(runner, chunk)) if not _is_one_off(found)
    )


def container_log(runner: Executor, container: ContainerSeen, *, lines: int) -> str:
    """What a container wrote last to both of its outputs, each line with the engine's time. Raises OutsideError."""
    command = Command(("docker", "logs", "--timestamps", "--tail", str(lines), container.id), most=MOST_LOG_BYTES)
    result = runner.run(command)
    if not result.ok:
        raise OutsideError(f"the log of {container.name} can't be read: {tail(result.stderr, 2)}")
    return f"{result.stdout}\n{result.stderr}"


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))


def _inspect(runner: Executor, ids: Sequence[str]) -> str:
    """A container that has gone since it was listed makes `docker inspect` fail, and the others are printed."""
    return runner.run(Command(("docker", "inspect", "--type", "container", "--format", _FORMAT, *ids))).stdout


def parse_containers(answer: str) -> Iterator[ContainerSeen]:
    """The lines of `docker inspect`; what is none of them is left out. Raises OutsideError where nothing else is."""
    return map(_container, read_rows(answer, _INSPECT, "containers"))


def _container(data: Mapping[str, Any]) -> ContainerSeen:
    state = _mapping(data, "state")
    labels = {name: _text(value, name) for name, value in _mapping(data, "labels").items()}
    return ContainerSeen(
        id=_text(data.get("id"), "id"),
        name=_text(data.get("name"), "name").removeprefix("/"),
        service=labels.get(SERVICE, ""),
        image=_text(data.get("image"), "image"),
        state=_text(state.get("Status"), "Status"),
        exit_code=number(state.get("ExitCode"), _INSPECT, "ExitCode"),
        health=_health(state),
        complaint=last_complaint(state),
        started=_text(state.get("StartedAt"), "StartedAt"),
        labels=labels,
        args=tuple(_text(word, "args") for word in _list(data, "args")),
        variables=frozenset(filter(None, (_text(name, "variables") for name in _list(data, "variables")))),
        settings=dict(_settings(_list(data, "settings"))),
        networks={name: _address(seen) for name, seen in _mapping(data, "networks").items()},
        mounts=dict(_mounts(_list(data, "mounts"))),
    )


def _health(state: Mapping[str, Any]) -> str:
    word = _text(_mapping(state, "Health").get("Status"), "Health")
    return "" if word == "none" else word


def _address(network: object) -> str:
    return _text(mapping(network, _INSPECT, "networks").get("IPAddress"), "IPAddress")


def _mounts(mounts: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for item in mounts:
        mount = mapping(item, _INSPECT, "mounts")
        source = _text(mount.get("Name"), "mounts") or _text(mount.get("Source"), "mounts")
        yield _text(mount.get("Destination"), "mounts"), source


def _mapping(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    return mapping(data.get(key), _INSPECT, key)


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    return items(data.get(key), _INSPECT, key)


def _text(value: object, what: str) -> str:
    return text(value, _INSPECT, what)


def _settings(pairs: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        name, equals, value = _text(pair, "settings").partition("=")
        if equals:
            yield name, value


def _is_one_off(container: ContainerSeen) -> bool:
    """A container of `docker compose run` serves nobody."""
    return container.labels.get(_ONE_OFF, "").lower() == "true"
