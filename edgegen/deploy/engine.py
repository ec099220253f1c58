"""Questions to the Docker Engine: is it there, is it new enough, what networks, volumes and containers it has."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from edgegen.core.errors import OutsideError
from edgegen.core.show import shown
from edgegen.deploy.answers import items, mapping, read_object, read_rows, refuse, text
from edgegen.deploy.command import Command
from edgegen.deploy.model import Published
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

MINIMUM_API = (1, 40)
"""The oldest API that Traefik 3.7's Docker client speaks (Engine 19.03)."""

_PORT = re.compile(
    r"(?:(?P<address>\[?[0-9a-fA-F.:]+\]?):)?(?P<low>\d{1,5})(?:-(?P<high>\d{1,5}))?->[\d-]+/(?P<protocol>\w+)"
)
_HIGHEST = (1 << 16) - 1
_MOST_PORTS = 4 * _HIGHEST
"""Of one container: each port for TCP and UDP, on two addresses."""
_WORD = re.compile(r"[\w.@:/-]{1,256}", re.ASCII)
_WILD = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound


@dataclass(frozen=True, slots=True)
class Engine:
    """A reachable engine. The API versions are `(major, minor)`; `host` is where it listens."""

    version: str
    api: tuple[int, int]
    oldest_api: tuple[int, int]
    host: str

    @property
    def is_local(self) -> bool:
        """True when its ports and files are those of this machine."""
        return self.host == "" or self.host.startswith(("unix://", "npipe://"))


@dataclass(frozen=True, slots=True)
class Container:
    """A running container that may hold ports; `project` is its compose project, or ""."""

    name: str
    project: str
    ports: tuple[Published, ...]


def inspect_engine(runner: Executor, host: str = "") -> Engine:
    """Ask the engine who it is. `host` is what `--host` says, "" for the environment's or the context's.

    Raises OutsideError when no engine answers, or an engine too old for Traefik does.
    """
    result = runner.run(Command(("docker", "version", "--format", "{{json .}}")))
    answer = read_object(result.stdout, "docker version", "its version") if result.ok else {}
    server = mapping(answer.get("Server"), "docker version", "Server")
    if not server:
        raise OutsideError(f"the Docker Engine does not answer: {tail(result.stderr, 2)}", hint=_hint(result.stderr))
    engine = Engine(
        version=text(server.get("Version"), "docker version", "Server.Version"),
        api=_api(server.get("ApiVersion")),
        oldest_api=_api(server.get("MinAPIVersion")),
        host=host or os.environ.get("DOCKER_HOST") or _context_host(runner),
    )
    if engine.api < MINIMUM_API:
        raise OutsideError(
            f"Docker Engine {engine.version} speaks API {_dotted(engine.api)}; Traefik 3 needs {_dotted(MINIMUM_API)}",
            hint="upgrade the engine to 19.03 or newer",
        )
    return engine


def list_names(runner: Executor, kind: str) -> frozenset[str]:
    """The names of all networks or volumes: `kind` is `network` or `volume`. Raises OutsideError."""
    return frozenset(names(ask(runner, "docker", kind, "ls", "--format", "{{.Name}}")))


def create_command(kind: str, name: str) -> Command:
    """Make an external network or volume; in a dry run's lines, only where there is none."""
    return Command(("docker", kind, "create", name), unless=("docker", kind, "inspect", name))


def list_containers(runner: Executor) -> tuple[Container, ...]:
    """The running containers with the ports they publish. Raises OutsideError."""
    words = '{{.Names}}\t{{.Label "com.docker.compose.project"}}\t{{.Ports}}'
    return parse_containers(ask(runner, "docker", "ps", "--format", words))


def parse_containers(answer: str) -> tuple[Container, ...]:
    """The lines of `list_containers`: name, project and ports between tabs.

    Lines of another shape are left out. Raises OutsideError where there are no others.
    """
    rows = [line.split("\t") for line in answer.splitlines() if line.count("\t") == 2]
    found = tuple(Container(name, project, parse_ports(ports)) for name, project, ports in rows)
    if answer.strip() and not found:
        refuse("docker ps", f"printed `{shown(answer.strip())}` instead of containers")
    return found


def parse_ports(answer: str) -> tuple[Published, ...]:
    """`0.0.0.0:80->80/tcp, [::]:8000-8001->8000-8001/tcp, 5000/tcp` as what is held of the host.

    Raises OutsideError for more ports than a host has.
    """
    found: dict[Published, None] = {}
    for match in _PORT.finditer(answer):
        address = "" if (match["address"] or "").strip("[]") in ("", *_WILD) else _bare(match)
        for port in range(int(match["low"]), min(int(match["high"] or match["low"]), _HIGHEST) + 1):
            found[Published(port, match["protocol"], address)] = None
        if len(found) > _MOST_PORTS:
            refuse("docker ps", "printed a container with more ports than a host has")
    return tuple(found)


def snapshot(runner: Executor, project: str) -> frozenset[str]:
    """What the engine has of a project: containers with their state, networks, volumes. Raises OutsideError.

    Two snapshots that differ mean that something was changed between them.
    """
    label = _label(project)
    containers = ask(runner, "docker", "ps", "--all", "--no-trunc", "--filter", label, "--format", "{{json .}}")
    seen = [
        f"container {_word(row, 'ID')} {_word(row, 'State')}"
        for row in read_rows(containers, "docker ps", "containers")
    ]
    networks = ask(runner, "docker", "network", "ls", "--no-trunc", "--filter", label, "--format", "{{.ID}}")
    return frozenset(
        seen
        + [f"network {word}" for word in names(networks)]
        + [f"volume {name}" for name in project_volumes(runner, project)]
    )


def project_volumes(runner: Executor, project: str) -> list[str]:
    """The named volumes that a project has made; external ones are not among them. Raises OutsideError."""
    return names(ask(runner, "docker", "volume", "ls", "--filter", _label(project), "--format", "{{.Name}}"))


def container_names(runner: Executor, project: str) -> tuple[str, ...]:
    """All containers that a project has, in order of their names. Raises OutsideError."""
    words = ("--filter", _label(project), "--format", "{{.Names}}")
    return tuple(sorted(names(ask(runner, "docker", "ps", "--all", *words))))


def names(answer: str) -> list[str]:
    """One name or id a line; a line of several words is a warning. Raises OutsideError where there are only such."""
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    words = [line for line in lines if _WORD.fullmatch(line)]
    if lines and not words:
        refuse("docker", f"printed `{shown(lines[0])}` instead of names")
    return words


def _word(row: dict[str, Any], key: str) -> str:
    """Raises OutsideError where it is missing: two containers without an id would be the same one."""
    return text(row.get(key), "docker ps", key) or refuse("docker ps", f"printed a container without `{key}`")


def _label(project: str) -> str:
    return f"label=com.docker.compose.project={project}"


def health_log(runner: Executor, container: str) -> str:
    """What the last failing health check of a container printed, or why the engine could not start it; else ""."""
    result = runner.run(Command(("docker", "inspect", "--format", "{{json .State}}", container)))
    try:
        return last_complaint(read_object(result.stdout, "docker inspect", "the container's state"))
    except OutsideError:
        return ""  # what it would have said beside the error that is told


def last_complaint(state: dict[str, Any]) -> str:
    """What the last failing health check printed, or why the engine could not start it. Raises OutsideError."""
    health = mapping(state.get("Health"), "docker inspect", "Health")
    checks = [mapping(check, "docker inspect", "Log") for check in items(health.get("Log"), "docker inspect", "Log")]
    failed = [check for check in checks if check.get("ExitCode")]
    return tail(text(failed[-1].get("Output") if failed else state.get("Error"), "docker inspect", "Output"), 3)


def _bare(found: re.Match[str]) -> str:
    return found["address"].strip("[]")


def ask(runner: Executor, *argv: str) -> str:
    """What a question to the engine prints. Raises OutsideError when it fails."""
    command = Command(argv)
    result = runner.run(command)
    if not result.ok:
        raise OutsideError(f"`{command.line()}` failed: {tail(result.stderr, 2)}", hint=_hint(result.stderr))
    return result.stdout


def _context_host(runner: Executor) -> str:
    result = runner.run(Command(("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")))
    return result.stdout.strip() if result.ok else ""


def _api(version: object) -> tuple[int, int]:
    found = re.match(r"(\d{1,4})\.(\d{1,4})(?!\d)", version) if isinstance(version, str) else None
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _hint(stderr: str) -> str:
    if "permission denied" in stderr.lower():
        return "this user may not talk to the engine: use sudo, or join the group `docker` and log in again"
    if "ssh" in stderr.lower():
        return "try `ssh` to that host by hand first; edgegen uses the same keys and settings"
    return "start the engine (`sudo systemctl start docker`), or point DOCKER_HOST or --host at the right one"
