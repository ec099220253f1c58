"""What the engine has of a project: Traefik, the containers behind a host, and what Traefik wrote."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from edgegen.core.errors import OutsideError
from edgegen.deploy.containers import ContainerSeen, container_log, containers
from edgegen.deploy.engine import inspect_engine
from edgegen.deploy.runner import Executor
from edgegen.project.explaining.wanted import Wanted
from edgegen.traefik.log import LogLine, read_log
from edgegen.traefik.rule_hosts import rule_names

LINES = 20_000
"""Of Traefik's log: access logs stand between the lines that count."""
OWN_LINES = 500
STORE = "acme.json"
_NOT_THERE = "run it on the server, or pass `--host ssh://me@server`"


@dataclass(frozen=True, slots=True)
class Store:
    """acme.json on this machine."""

    path: str
    mode: int


@dataclass(frozen=True, slots=True)
class Inside:
    """What was seen. With `trouble` nothing was, and it says why."""

    trouble: str = ""
    hint: str = ""
    traefik: ContainerSeen | None = None
    behind: tuple[ContainerSeen, ...] = ()
    """The containers of the service that the host belongs to."""
    log: tuple[LogLine, ...] = ()
    """Traefik's warnings and errors."""
    own_log: str = field(default="", repr=False)
    """What the service's container wrote last, where somebody reads it (registries)."""
    store: Store | None = None


def look_inside(runner: Executor, host: str, wanted: Wanted | None, *, remote: str = "") -> Inside:
    """Ask the engine; `remote` is what `--host` says. What the engine does never raises: it is told in `trouble`."""
    try:
        local = inspect_engine(runner, remote).is_local
        found = containers(runner, wanted.project if wanted else None)
    except OutsideError as error:
        return Inside(f"not seen from here: {error}", hint=_NOT_THERE)
    traefik = next(iter(sorted(filter(_is_traefik, found), key=lambda item: item.state != "running")), None)
    behind = _of_service(found, wanted) if wanted else _of_host(found, host)
    if not found or (wanted is None and not behind):
        what = f"project `{wanted.project}`" if wanted else f"a router for `{host}`"
        return Inside(f"not seen from here: this engine has no container of {what}", hint=_NOT_THERE)
    return Inside(
        traefik=traefik,
        behind=behind,
        log=_log(runner, traefik),
        own_log=_own_log(runner, behind, wanted),
        store=_store(traefik) if local else None,
    )


def _is_traefik(container: ContainerSeen) -> bool:
    """By its image's name, or by its flags."""
    name = container.image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return name == "traefik" or any(word.lower().startswith("--entrypoints.") for word in container.args)


def _of_service(found: Sequence[ContainerSeen], wanted: Wanted) -> tuple[ContainerSeen, ...]:
    return tuple(container for container in found if container.service == wanted.service)


def _of_host(found: Sequence[ContainerSeen], host: str) -> tuple[ContainerSeen, ...]:
    """Without a spec: whoever has a rule for the host."""
    return tuple(
        container
        for container in found
        if any(name.lower().endswith(".rule") and rule_names(rule, host) for name, rule in container.labels.items())
    )


def _log(runner: Executor, traefik: ContainerSeen | None) -> tuple[LogLine, ...]:
    """A log that can't be read explains nothing, and that is all."""
    if traefik is None:
        return ()
    try:
        return tuple(read_log(container_log(runner, traefik, lines=LINES)))
    except OutsideError:
        return ()


def _own_log(runner: Executor, behind: Sequence[ContainerSeen], wanted: Wanted | None) -> str:
    if not behind or not (wanted and wanted.is_registry):
        return ""
    try:
        return container_log(runner, behind[0], lines=OWN_LINES)
    except OutsideError:
        return ""


def _store(traefik: ContainerSeen | None) -> Store | None:
    """The acme.json that is mounted, or lies in a mounted folder; its mode is all that is read."""
    sources = (Path(source) for source in traefik.mounts.values()) if traefik else ()
    for source in sources:
        path = source if source.name == STORE else source / STORE
        with suppress(OSError):
            if path.is_absolute():
                return Store(str(path), stat.S_IMODE(path.stat().st_mode))
    return None
