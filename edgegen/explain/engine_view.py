"""What the engine has of a project: Traefik, the containers behind a host, and what Traefik wrote."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from edgegen.core.errors import OutsideError
from edgegen.deploy.containers import ContainerSeen, container_log, containers
from edgegen.deploy.edges import running_edges
from edgegen.deploy.engine import inspect_engine
from edgegen.deploy.runner import Executor
from edgegen.explain.wanted import Wanted
from edgegen.traefik.log import LogLine, read_log
from edgegen.traefik.rule_hosts import rule_names

LINES = 20_000
"""Lines of Traefik's log: access logs are mixed with the relevant lines."""
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
    """What was seen. With `trouble` nothing was seen, for that reason."""

    trouble: str = ""
    hint: str = ""
    traefik: ContainerSeen | None = None
    behind: tuple[ContainerSeen, ...] = ()
    """The containers of the service that the host belongs to."""
    log: tuple[LogLine, ...] = ()
    """Traefik's warnings and errors."""
    own_log: str = field(default="", repr=False)
    """What the service's container wrote last; only read for registries."""
    store: Store | None = None


def look_inside(runner: Executor, host: str, wanted: Wanted | None, *, remote: str = "") -> Inside:
    """Ask the engine; `remote` is the value of `--host`. If the engine fails, `trouble` says how."""
    try:
        local = inspect_engine(runner, remote).is_local
        found = _containers(runner, wanted)
    except OutsideError as error:
        return Inside(f"not seen from here: {error}", hint=_NOT_THERE)
    behind = _of_service(found, wanted) if wanted else _of_host(found, host)
    traefik = _traefik(found, behind, wanted)
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


def _containers(runner: Executor, wanted: Wanted | None) -> tuple[ContainerSeen, ...]:
    """Those of the project and of the one whose Traefik serves it; without a spec, all of the engine."""
    if wanted is None:
        return containers(runner)
    found = containers(runner, wanted.project)
    return (*found, *containers(runner, wanted.edge_project)) if wanted.edge_is_shared else found


def _traefik(
    found: Sequence[ContainerSeen], behind: Sequence[ContainerSeen], wanted: Wanted | None
) -> ContainerSeen | None:
    """The project's, or that of the project that it uses; without a spec the one that sees the containers. One that
    runs comes first."""
    edges = [item for item in found if item.is_traefik]
    if wanted is not None:
        edges = [item for item in edges if item.project == (wanted.edge_project or wanted.project)]
    return min(edges, key=lambda item: (not _serves(item, behind), item.state != "running"), default=None)


def _serves(traefik: ContainerSeen, behind: Sequence[ContainerSeen]) -> bool:
    return any(edge.sees(item.labels) for edge in running_edges([traefik]) for item in behind)


def _of_service(found: Sequence[ContainerSeen], wanted: Wanted) -> tuple[ContainerSeen, ...]:
    return tuple(item for item in found if (item.project, item.service) == (wanted.project, wanted.service))


def _of_host(found: Sequence[ContainerSeen], host: str) -> tuple[ContainerSeen, ...]:
    """Without a spec: any container with a rule for the host."""
    return tuple(
        container
        for container in found
        if any(name.lower().endswith(".rule") and rule_names(rule, host) for name, rule in container.labels.items())
    )


def _log(runner: Executor, traefik: ContainerSeen | None) -> tuple[LogLine, ...]:
    """A log that can't be read is not an error: it just explains nothing."""
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
    """The acme.json that is mounted, or is in a mounted folder; only its mode is read."""
    sources = (Path(source) for source in traefik.mounts.values()) if traefik else ()
    for source in sources:
        path = source if source.name == STORE else source / STORE
        with suppress(OSError):
            if path.is_absolute():
                return Store(str(path), stat.S_IMODE(path.stat().st_mode))
    return None
