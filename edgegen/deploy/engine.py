"""Questions to the Docker Engine: whether it answers, whether it is new enough, what it has."""

from __future__ import annotations

import os
import re
from typing import Any

from msgspec import Struct

from edgegen.compose.model import PROJECT_LABEL
from edgegen.core.errors import OutsideError
from edgegen.core.show import shown
from edgegen.deploy.answers import Reader
from edgegen.deploy.command import Command
from edgegen.deploy.host import BY_HAND, is_far
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

_VERSION = Reader("docker version")
_PS = Reader("docker ps")

MINIMUM_API = (1, 40)
"""The oldest API that Traefik 3.7's Docker client speaks (Engine 19.03)."""

AT_ONCE = 100
"""Objects per query: the length of a command line is limited."""

LEADERLESS = "does not have a leader"
"""A manager's words after another one returned or left: an election takes up to 20 seconds."""
_SLOW_SWARM = "code = DeadlineExceeded"
"""A manager's words where the others don't answer it."""
QUORUM = (
    "more than half of the managers must be up: start the engines of the others; if those are lost for good, "
    "`docker swarm init --force-new-cluster` on this one keeps its stacks"
)

_WORD = re.compile(r"[\w.@:/-]{1,256}", re.ASCII)


class Engine(Struct, frozen=True):
    """A reachable engine. The API versions are `(major, minor)`; `host` is where it listens."""

    version: str
    api: tuple[int, int]
    oldest_api: tuple[int, int]
    host: str

    @property
    def is_local(self) -> bool:
        """Whether its ports and files are those of this machine."""
        return not is_far(self.host)


def inspect_engine(runner: Executor, host: str = "") -> Engine:
    """Ask the engine for its version. `host` is what `--host` says, "" for the environment's or the context's.

    Raises OutsideError if no engine answers, or one that is too old for Traefik.
    """
    result = runner.run(Command(("docker", "version", "--format", "{{json .}}")))
    answer = _VERSION.json_object(result.stdout, "its version") if result.ok else {}
    server = _VERSION.mapping(answer.get("Server"), "Server")
    if not server:
        raise OutsideError(
            f"the Docker Engine does not answer: {tail(result.stderr, 2)}", hint=answer_hint(result.stderr)
        )
    engine = Engine(
        version=_VERSION.text(server.get("Version"), "Server.Version"),
        api=_api(server.get("ApiVersion")),
        oldest_api=_api(server.get("MinAPIVersion")),
        host=engine_host(runner, host),
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
    """Create an external network or volume; in the lines of a dry run, only if it is missing."""
    return Command(("docker", kind, "create", name), unless=("docker", kind, "inspect", name))


def snapshot(runner: Executor, project: str) -> frozenset[str]:
    """What the engine has of a project: containers with their state, networks, volumes. Raises OutsideError.

    If two snapshots differ, something was changed between them.
    """
    label = of_project(project)
    containers = ask(runner, "docker", "ps", "--all", "--no-trunc", "--filter", label, "--format", "{{json .}}")
    seen = [f"container {_word(row, 'ID')} {_word(row, 'State')}" for row in _PS.rows(containers, "containers")]
    networks = ask(runner, "docker", "network", "ls", "--no-trunc", "--filter", label, "--format", "{{.ID}}")
    return frozenset(
        seen
        + [f"network {word}" for word in names(networks)]
        + [f"volume {name}" for name in project_volumes(runner, project)]
    )


def project_volumes(runner: Executor, project: str) -> list[str]:
    """The named volumes that a project has created, without external ones. Raises OutsideError."""
    return names(ask(runner, "docker", "volume", "ls", "--filter", of_project(project), "--format", "{{.Name}}"))


def container_names(runner: Executor, project: str) -> tuple[str, ...]:
    """All containers of a project, sorted by name. Raises OutsideError."""
    words = ("--filter", of_project(project), "--format", "{{.Names}}")
    return tuple(sorted(names(ask(runner, "docker", "ps", "--all", *words))))


def names(answer: str) -> list[str]:
    """One name or id per line; a line of several words is a warning. Raises OutsideError if there are only warnings."""
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    words = [line for line in lines if _WORD.fullmatch(line)]
    if lines and not words:
        Reader("docker").refuse(f"printed `{shown(lines[0])}` instead of names")
    return words


def _word(row: dict[str, Any], key: str) -> str:
    """Raises OutsideError if it is missing: two containers without an id would be the same one."""
    return _PS.text(row.get(key), key) or _PS.refuse(f"printed a container without `{key}`")


def of_project(project: str) -> str:
    """The value of `--filter` for what a project has created."""
    return f"label={PROJECT_LABEL}={project}"


def ask(runner: Executor, *argv: str) -> str:
    """What a question to the engine prints. Raises OutsideError if it fails."""
    command = Command(argv)
    result = runner.run(command)
    if not result.ok:
        raise OutsideError(f"`{command.line()}` failed: {tail(result.stderr, 2)}", hint=answer_hint(result.stderr))
    return result.stdout


def engine_host(runner: Executor, host: str = "") -> str:
    """Where the engine listens: what `--host` says, else the environment, else Docker's own context."""
    if said := host or os.environ.get("DOCKER_HOST"):
        return said
    result = runner.run(Command(("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")))
    return result.stdout.strip() if result.ok else ""


def _api(version: object) -> tuple[int, int]:
    found = re.match(r"(\d{1,4})\.(\d{1,4})(?!\d)", version) if isinstance(version, str) else None
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def answer_hint(stderr: str) -> str:
    """What to try if the engine does not answer, or its swarm does not."""
    if any(words in stderr for words in (LEADERLESS, _SLOW_SWARM)):
        return QUORUM
    if "podman" in stderr.lower():
        return "`docker` is Podman's substitute here: install Docker Engine and its client, edgegen needs both"
    if "permission denied" in stderr.lower():
        return "this user is not allowed to use the engine: use sudo, or join the group `docker` and log in again"
    if "ssh" in stderr.lower():
        return BY_HAND
    return "start the engine (`sudo systemctl start docker`), or point DOCKER_HOST or --host at the right one"
