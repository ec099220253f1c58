"""Containers as the engine describes them: state, health, labels, flags, networks. Never the values of variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import field

from edgegen.compose.model import PROJECT_LABEL
from edgegen.core.errors import OutsideError
from edgegen.deploy.answers import Reader
from edgegen.deploy.command import MOST_LOG_BYTES, Command
from edgegen.deploy.docker_words import only_missing
from edgegen.deploy.engine import AT_ONCE, answer_hint, ask, names
from edgegen.deploy.health import ONE_OFF
from edgegen.deploy.model import Published
from edgegen.deploy.program import Program, name_list, named_settings, setting_list
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

SERVICE = "com.docker.compose.service"
WORKING_DIR = f"{PROJECT_LABEL}.working_dir"
CONFIG_FILES = f"{PROJECT_LABEL}.config_files"
_INSPECT = Reader("docker inspect")
_WILD = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound

_FORMAT = (
    '{"id":{{json .Id}},"name":{{json .Name}},"image":{{json .Config.Image}},"state":{{json .State}},'
    '"restarts":{{json .RestartCount}},'
    '"labels":{{json .Config.Labels}},"args":{{json .Args}},"networks":{{json .NetworkSettings.Networks}},'
    '"mounts":{{json .Mounts}},"ports":{{json .NetworkSettings.Ports}},'
    f'"variables":{name_list(".Config.Env")},"settings":{setting_list(".Config.Env")}}}'
)


class ContainerSeen(Program, frozen=True):
    """One container, running or not."""

    service: str = ""
    """Its service of the compose project, or ""."""
    state: str = ""
    """The engine's word: `running`, `exited`, `restarting` …"""
    exit_code: int = 0
    restarts: int = 0
    """How often the engine has restarted it because it ended by itself."""
    health: str = ""
    """`healthy`, `starting`, `unhealthy`, or "" without a health check."""
    complaint: str = ""
    """What its last failing health check printed, or why the engine could not start it."""
    needs_memory: bool = False
    """Whether the kernel has ended it because it used more memory than it may."""
    started: str = ""
    """When it was started last, RFC 3339."""
    networks: Mapping[str, str] = field(default_factory=dict)
    """Real name of a network -> the container's address there."""

    @property
    def serves(self) -> bool:
        """Whether Traefik routes to it: not if it is stopped, or not healthy (yet)."""
        return self.state == "running" and self.health in ("", "healthy")

    @property
    def project(self) -> str:
        """Its compose project, or ""."""
        return self.labels.get(PROJECT_LABEL, "")

    @property
    def is_one_off(self) -> bool:
        """Whether it was started by `docker compose run`."""
        return self.labels.get(ONE_OFF, "").lower() == "true"

    @property
    def standing(self) -> str:
        """`is exited (1)`, `is running and unhealthy`."""
        if self.state == "running" and self.health:
            return f"is running and {self.health}"
        return f"is {self.state} ({self.exit_code})" if self.state in ("exited", "dead") else f"is {self.state}"


def containers(runner: Executor, project: str | None = None, *, one_offs: bool = False) -> tuple[ContainerSeen, ...]:
    """The containers of a compose project, or all of the engine. Raises OutsideError if the engine does not answer.

    `one_offs`: also those of `docker compose run`, which serve no requests but may hold ports.
    """
    words = ("--filter", f"label={PROJECT_LABEL}={project}") if project is not None else ()
    ids = names(ask(runner, "docker", "ps", "--all", "--quiet", "--no-trunc", *words))
    chunks = (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))
    found = (item for chunk in chunks for item in _described(runner, chunk))
    return tuple(item for item in found if one_offs or not item.is_one_off)


def container_log(runner: Executor, container: ContainerSeen, *, lines: int) -> str:
    """The last lines of both outputs of a container, each with the engine's time. Raises OutsideError."""
    command = Command(("docker", "logs", "--timestamps", "--tail", str(lines), container.id), most=MOST_LOG_BYTES)
    result = runner.run(command)
    if not result.ok:
        raise OutsideError(f"the log of {container.name} can't be read: {tail(result.stderr, 2)}")
    return f"{result.stdout}\n{result.stderr}"


def _described(runner: Executor, ids: Sequence[str]) -> Sequence[ContainerSeen]:
    """A container that was removed after it was listed makes `docker inspect` fail, but the others are printed.

    Raises OutsideError for any other failure: what is not seen would count as not there.
    """
    result = runner.run(Command(("docker", "inspect", "--type", "container", "--format", _FORMAT, *ids)))
    if not result.ok and not only_missing(result.stderr):
        said = tail(result.stderr, 2) or f"exit code {result.returncode}"
        raise OutsideError(f"`docker inspect` failed: {said}", hint=answer_hint(result.stderr))
    found = tuple(parse_containers(result.stdout))
    if result.ok and len(found) < len(ids):
        _INSPECT.refuse(f"described {len(found)} of {len(ids)} containers")
    return found


def parse_containers(answer: str) -> Iterator[ContainerSeen]:
    """The lines of `docker inspect`; other lines are ignored. Raises OutsideError if there are only such lines."""
    return map(_container, _INSPECT.rows(answer, "containers"))


def _container(data: Mapping[str, Any]) -> ContainerSeen:
    def part(key: str) -> dict[str, Any]:
        return _INSPECT.mapping(data.get(key), key)

    def words(key: str) -> list[str]:
        return _INSPECT.texts(data.get(key), key)

    state = part("state")
    labels = _INSPECT.pairs(data.get("labels"), "labels")
    return ContainerSeen(
        id=_INSPECT.text(data.get("id"), "id"),
        name=_INSPECT.text(data.get("name"), "name").removeprefix("/"),
        service=labels.get(SERVICE, ""),
        image=_INSPECT.text(data.get("image"), "image"),
        state=_INSPECT.text(state.get("Status"), "Status"),
        exit_code=_INSPECT.number(state.get("ExitCode"), "ExitCode"),
        restarts=_INSPECT.number(data.get("restarts"), "RestartCount"),
        health=_health(state),
        complaint=_complaint(state),
        needs_memory=state.get("OOMKilled") is True,
        started=_INSPECT.text(state.get("StartedAt"), "StartedAt"),
        labels=labels,
        args=tuple(words("args")),
        variables=frozenset(filter(None, words("variables"))),
        settings=named_settings(words("settings")),
        networks={name: _address(seen) for name, seen in part("networks").items()},
        mounts=dict(_mounts(_INSPECT.mappings(data.get("mounts"), "mounts"))),
        ports=tuple(dict.fromkeys(_ports(part("ports")))),
    )


def _health(state: Mapping[str, Any]) -> str:
    word = _INSPECT.text(_INSPECT.mapping(state.get("Health"), "Health").get("Status"), "Health")
    return "" if word == "none" else word


def _address(network: object) -> str:
    return _INSPECT.text(_INSPECT.mapping(network, "networks").get("IPAddress"), "IPAddress")


def _mounts(mounts: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for mount in mounts:
        source = _INSPECT.text(mount.get("Name"), "mounts") or _INSPECT.text(mount.get("Source"), "mounts")
        yield _INSPECT.text(mount.get("Destination"), "mounts"), source


def _complaint(state: Mapping[str, Any]) -> str:
    """What the last failing health check printed, or why the engine could not start it."""
    checks = _INSPECT.mappings(_INSPECT.mapping(state.get("Health"), "Health").get("Log"), "Log")
    failed = [check for check in checks if check.get("ExitCode")]
    return tail(_INSPECT.text(failed[-1].get("Output") if failed else state.get("Error"), "Output"), 3)


def _ports(ports: Mapping[str, Any]) -> Iterator[Published]:
    """`{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "443/tcp": null}`."""
    for inside, bindings in ports.items():
        for binding in _INSPECT.mappings(bindings, "Ports"):
            address = _INSPECT.text(binding.get("HostIp"), "HostIp")
            number = _INSPECT.number(binding.get("HostPort"), "HostPort")
            yield Published(number, inside.partition("/")[2] or "tcp", "" if address in _WILD else address)
