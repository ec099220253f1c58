"""Where a project runs if not from this folder, under this name, on this engine: what nobody asks for is silent.

`docker compose` looks only at names: a copy of a folder shows the containers of the original, a project that was
renamed shows nothing, and so does another engine.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from edgegen.compose.model import PROJECT_LABEL
from edgegen.core.errors import OutsideError, Problem
from edgegen.deploy.answers import Reader
from edgegen.deploy.command import Command
from edgegen.deploy.containers import CONFIG_FILES, SERVICE, WORKING_DIR, ContainerSeen
from edgegen.deploy.engine import answer_hint, engine_host
from edgegen.deploy.neighbours import back_to, is_same, other_folders, renamed
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

_PS = Reader("docker ps")
_UNIX = "unix://"
_PATIENCE = 10.0
"""Seconds for a question to an engine that nobody has asked for."""
_LABELS = (PROJECT_LABEL, WORKING_DIR, CONFIG_FILES, SERVICE)
_FORMAT = (
    '{"id":{{json .ID}},"name":{{json .Names}},"labels":{'
    + ",".join(f'"{label}":{{{{json (.Label "{label}")}}}}' for label in _LABELS)
    + "}}"
)
_LIST = ("ps", "--all", "--filter", f"label={PROJECT_LABEL}", "--format", _FORMAT)


def started_by_compose(runner: Executor) -> tuple[ContainerSeen, ...]:
    """All containers of Compose's projects, by one question: only with the labels that say where they come from.

    Raises OutsideError.
    """
    result = runner.run(Command(("docker", *_LIST)))
    if not result.ok:
        raise OutsideError(f"the containers can't be listed: {tail(result.stderr, 2)}", hint=answer_hint(result.stderr))
    return _parsed(result.stdout)


def _parsed(answer: str) -> tuple[ContainerSeen, ...]:
    rows = _PS.rows(answer, "containers")
    read = ((row, _PS.pairs(row.get("labels"), "labels")) for row in rows)
    return tuple(
        ContainerSeen(
            _PS.text(row.get("id"), "id"), _PS.text(row.get("name"), "name"), labels, service=labels.get(SERVICE, "")
        )
        for row, labels in read
    )


def of_another_folder(name: str, folder: Path, containers: Iterable[ContainerSeen]) -> Iterator[Problem]:
    """Containers of this name that were started from another folder of this machine: they are not this folder's."""
    for other in other_folders(name, folder, containers):
        yield Problem(
            f"project `{name}` was started from {other}, and not from this folder: these are its containers",
            path="name",
            hint=f"use `-C {other}`; to run both, give this folder's project another `name:`",
        )


def earlier(
    name: str, file: Path, containers: Iterable[ContainerSeen], names: Callable[[], Collection[str]] = tuple
) -> Iterator[Problem]:
    """The project under an earlier name. `names` are those that its environments give it: each of them may run."""
    for old in renamed(name, file, containers):
        if old not in names():
            yield Problem(
                f"the project is called `{name}` now, and still runs as `{old}`", path="name", hint=back_to(old)
            )


def elsewhere(runner: Executor, name: str, folder: Path) -> Iterator[Problem]:
    """The project of this folder on another engine of this machine."""
    for engine in on_other_engines(runner, name, folder):
        yield Problem(
            f"project `{name}` of this folder runs on another engine of this machine, {engine}",
            hint=f"use `--host {engine}`, or let DOCKER_HOST or `docker context use` name that one",
        )


def on_other_engines(runner: Executor, name: str, folder: Path) -> Iterator[str]:
    """Other engines of this machine that have containers of the project of this folder."""
    return (engine for engine, seen in other_engines(runner) if is_there(name, folder, seen))


def is_there(name: str, folder: Path, containers: Iterable[ContainerSeen]) -> bool:
    """Whether one of them is of the project of this folder."""
    return any(item.project == name and is_same(item.labels.get(WORKING_DIR, ""), folder) for item in containers)


def other_engines(runner: Executor) -> Iterator[tuple[str, tuple[ContainerSeen, ...]]]:
    """Each other engine of this machine that answers, with the containers that Compose has started there."""
    for engine in _other_sockets(runner, engine_host(runner)):
        with suppress(OutsideError):  # it is not the one that was asked for
            result = runner.run(Command(("docker", "--host", engine, *_LIST), timeout=_PATIENCE))
            if result.ok:
                yield engine, _parsed(result.stdout)


def _other_sockets(runner: Executor, here: str) -> list[str]:
    """The sockets of Docker's contexts, and those where an engine and a rootless one usually listen."""
    result = runner.run(Command(("docker", "context", "ls", "--format", "{{.DockerEndpoint}}"), timeout=_PATIENCE))
    listed = result.stdout.split() if result.ok else []
    usual = ["/var/run/docker.sock", f"{os.environ.get('XDG_RUNTIME_DIR') or f'/run/user/{os.getuid()}'}/docker.sock"]
    found = {os.path.realpath(here.removeprefix(_UNIX)): ""}
    for place in [*(word.removeprefix(_UNIX) for word in listed if word.startswith(_UNIX)), *usual]:
        if _is_socket(place):
            found.setdefault(os.path.realpath(place), f"{_UNIX}{place}")
    return [engine for engine in found.values() if engine]


def _is_socket(place: str) -> bool:
    try:
        return stat.S_ISSOCK(Path(place).stat().st_mode)
    except (OSError, ValueError):
        return False
