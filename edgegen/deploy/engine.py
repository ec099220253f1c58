"""Questions to the Docker Engine: is it there, is it new enough, what networks, volumes and containers it has."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Command
from edgegen.deploy.model import Published
from edgegen.deploy.runner import Executor
from edgegen.deploy.screen import tail

MINIMUM_API = (1, 40)
"""The oldest API that Traefik 3.7's Docker client speaks (Engine 19.03)."""

_PORT = re.compile(r"(?:(?P<address>\[?[0-9a-fA-F.:]+\]?):)?(?P<low>\d+)(?:-(?P<high>\d+))?->[\d-]+/(?P<protocol>\w+)")
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
    server = _object(result.stdout).get("Server")
    if not result.ok or not server:
        raise OutsideError(f"the Docker Engine does not answer: {tail(result.stderr, 2)}", hint=_hint(result.stderr))
    engine = Engine(
        version=str(server.get("Version", "")),
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
    return frozenset(ask(runner, "docker", kind, "ls", "--format", "{{.Name}}").split())


def create_command(kind: str, name: str) -> Command:
    """Make an external network or volume; in a dry run's lines, only where there is none."""
    return Command(("docker", kind, "create", name), unless=("docker", kind, "inspect", name))


def list_containers(runner: Executor) -> tuple[Container, ...]:
    """The running containers with the ports they publish. Raises OutsideError."""
    words = '{{.Names}}\t{{.Label "com.docker.compose.project"}}\t{{.Ports}}'
    return parse_containers(ask(runner, "docker", "ps", "--format", words))


def parse_containers(text: str) -> tuple[Container, ...]:
    """The lines of `list_containers`: name, project and ports between tabs."""
    rows = [line.split("\t") for line in text.splitlines() if line.count("\t") == 2]
    return tuple(Container(name, project, parse_ports(ports)) for name, project, ports in rows)


def parse_ports(text: str) -> tuple[Published, ...]:
    """`0.0.0.0:80->80/tcp, [::]:8000-8001->8000-8001/tcp, 5000/tcp` as what is held of the host."""
    return tuple(
        Published(port, found["protocol"], "" if (found["address"] or "").strip("[]") in ("", *_WILD) else _bare(found))
        for found in _PORT.finditer(text)
        for port in range(int(found["low"]), int(found["high"] or found["low"]) + 1)
    )


def snapshot(runner: Executor, project: str) -> frozenset[str]:
    """What the engine has of a project: containers with their state, networks, volumes. Raises OutsideError.

    Two snapshots that differ mean that something was changed between them.
    """
    label = _label(project)
    containers = ask(runner, "docker", "ps", "--all", "--no-trunc", "--filter", label, "--format", "{{json .}}")
    seen = [_object(line) for line in containers.splitlines()]
    networks = ask(runner, "docker", "network", "ls", "--no-trunc", "--filter", label, "--format", "{{.ID}}")
    return frozenset(
        [f"container {row.get('ID')} {row.get('State')}" for row in seen]
        + [f"network {word}" for word in networks.split()]
        + [f"volume {name}" for name in project_volumes(runner, project)]
    )


def project_volumes(runner: Executor, project: str) -> list[str]:
    """The named volumes that a project has made; external ones are not among them. Raises OutsideError."""
    return ask(runner, "docker", "volume", "ls", "--filter", _label(project), "--format", "{{.Name}}").split()


def _label(project: str) -> str:
    return f"label=com.docker.compose.project={project}"


def health_log(runner: Executor, container: str) -> str:
    """What the last failing health check of a container printed, or why the engine could not start it; else ""."""
    result = runner.run(Command(("docker", "inspect", "--format", "{{json .State}}", container)))
    state = _object(result.stdout)
    checks = (state.get("Health") or {}).get("Log") or []
    failed = [check for check in checks if check.get("ExitCode")]
    text = failed[-1].get("Output", "") if failed else state.get("Error", "")
    return tail(str(text), 3)


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


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _api(text: object) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", str(text))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _hint(stderr: str) -> str:
    if "permission denied" in stderr.lower():
        return "this user may not talk to the engine: use sudo, or join the group `docker` and log in again"
    if "ssh" in stderr.lower():
        return "try `ssh` to that host by hand first; edgegen uses the same keys and settings"
    return "start the engine (`sudo systemctl start docker`), or point DOCKER_HOST or --host at the right one"
