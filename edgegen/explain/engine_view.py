"""What the engine has of a project: Traefik, the containers behind a host, and what Traefik wrote."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping, Sequence
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
    behind = tuple(item for item in found if _is_behind(item, host, wanted))
    traefik = _traefik(found, behind, wanted)
    if not found or (wanted is None and not behind):
        what = f"project `{wanted.project}`" if wanted else f"a router for `{host}`"
        return Inside(f"not seen from here: this engine has no container of {what}", hint=_NOT_THERE)
    of_registry = bool(behind) and wanted is not None and wanted.is_registry
    return Inside(
        traefik=traefik,
        behind=behind,
        log=tuple(read_log(readable(lambda: container_log(runner, traefik, lines=LINES)))) if traefik else (),
        own_log=readable(lambda: container_log(runner, behind[0], lines=OWN_LINES)) if of_registry else "",
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


def _is_behind(item: ContainerSeen, host: str, wanted: Wanted | None) -> bool:
    """Whether the host belongs to it; without a spec: whether it has a rule for the host."""
    if wanted is None:
        return has_rule(item.labels, host)
    return (item.project, item.service) == (wanted.project, wanted.service)


def has_rule(labels: Mapping[str, str], host: str) -> bool:
    """Whether a label is the rule of a router for the host."""
    return any(name.lower().endswith(".rule") and rule_names(rule, host) for name, rule in labels.items())


def readable(log: Callable[[], str]) -> str:
    """A log, or "": one that can't be read is not an error, it just explains nothing."""
    try:
        return log()
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
