"""up, down and status of a rendered stack: the steps, in order, for every backend. The caller prints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from edgegen.core.errors import OutsideError, PartialError, RefusedError
from edgegen.deploy import engine
from edgegen.deploy.backends.base import Backend, Changes, Place, Reporter, Start
from edgegen.deploy.containers import ContainerSeen, containers
from edgegen.deploy.health import Standing
from edgegen.deploy.host import is_far, refuse_files
from edgegen.deploy.model import Project, host_files, read_yaml
from edgegen.deploy.neighbours import elsewhere, look_around
from edgegen.deploy.preflight import look
from edgegen.deploy.shared_edge import Wish
from edgegen.deploy.terminal_text import tail
from edgegen.system.stop import when_stopped

_MOST_NAMED = 10
"""Containers in one sentence."""


@dataclass(frozen=True, slots=True)
class Raised:
    """What `up` has done: the state of the project, and the external networks and volumes that it created."""

    standing: Standing
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()


def up(backend: Backend, reporter: Reporter, how: Start, *, host: str = "", wish: Wish | None = None) -> Raised:
    """Check first, create what is missing, build and start everything, wait until it is healthy.

    Raises SpecError if the files are refused, RefusedError if the preflight found an obstacle, OutsideError for an
    external failure before anything was changed, PartialError for one afterwards.
    """
    project = backend.read()
    refuse_files(project.host_files, host)
    present = _preflight(backend.place, project, reporter, host, wish or Wish())
    changes = Changes(backend.snapshot(project.name))
    with partial_after_changes(backend, project.name, changes):
        networks = _create(backend.place, "network", project.networks, changes, reporter)
        volumes = _create(backend.place, "volume", project.volumes, changes, reporter)
        standing = backend.up(project, replace(how, present=present), changes, reporter)
    return Raised(standing, networks, volumes)


def down(backend: Backend, *, volumes: bool = False) -> Project:
    """Stop and remove the project's containers and networks. External networks and volumes stay.

    Raises SpecError, OutsideError and PartialError as `up` does, and RefusedError for a project of this name that runs
    from another folder of this machine.
    """
    project = backend.read()
    place = backend.place
    if others := list(elsewhere(project.name, place.folder, containers(place.runner, project.name))):
        raise RefusedError(others)
    changes = Changes(backend.snapshot(project.name))
    with partial_after_changes(backend, project.name, changes):
        backend.down(changes, volumes=volumes)
        _refuse_left_behind(backend.running(project.name))
    return project


def status(backend: Backend, *, host: str = "") -> Standing:
    """The present state of the project. Raises SpecError, RefusedError and OutsideError."""
    project = backend.read()
    engine.inspect_engine(backend.place.runner, host)
    return backend.status(project)


def refuse_local_files(text: str, host: str) -> None:
    """The same check, before anything is rendered. Raises RefusedError with all files of this machine."""
    if is_far(host):
        refuse_files(host_files(read_yaml(text)), host)


@contextmanager
def partial_after_changes(backend: Backend, name: str, changes: Changes) -> Iterator[None]:
    """An OutsideError after a change becomes a PartialError (exit code 5, not 4): run the command again.

    An interrupt reports whether anything was changed.
    """

    def so_far() -> str:
        made = f" ({', '.join(changes.made)})" if changes.made else ""
        if changes.made or _differs(backend, name, changes.before):
            return f"the stack was changed{made}: `edgegen status` shows it, and the same command continues"
        return "no container, network or volume was changed"

    try:
        with when_stopped(so_far):
            yield
    except OutsideError as error:
        if changes.made or _differs(backend, name, changes.before):
            raise PartialError(error.problems) from error
        raise


def _differs(backend: Backend, name: str, before: frozenset[str]) -> bool:
    try:
        return backend.snapshot(name) != before
    except OutsideError:  # the engine no longer answers: assume the worse
        return True


def _preflight(place: Place, project: Project, reporter: Reporter, host: str, wish: Wish) -> tuple[ContainerSeen, ...]:
    """Returns all containers of the engine. Raises RefusedError."""
    found = engine.inspect_engine(place.runner, host)
    everything = containers(place.runner, one_offs=True)
    present = tuple(item for item in everything if not item.is_one_off)
    seen = look(project, place.folder, found, everything)
    among = look_around(project, place.folder, wish, present, local=found.is_local)
    for notice in (*seen.notices, *among.notices):
        reporter.note(notice)
    if problems := [*project.obstacles, *among.problems, *seen.problems]:
        raise RefusedError(problems)
    return present


def _create(place: Place, kind: str, wanted: tuple[str, ...], changes: Changes, reporter: Reporter) -> tuple[str, ...]:
    if not wanted:
        return ()
    present = engine.list_names(place.runner, kind)
    absent = tuple(name for name in wanted if name not in present)
    for name in absent:
        result = place.runner.run(engine.create_command(kind, name))
        if not result.ok:
            raise OutsideError(f"{kind} `{name}` could not be created: {tail(result.stderr, 2)}")
        changes.made.append(f"{kind} {name}")
        reporter.note(f"created the external {kind} `{name}`")
    return absent


def _refuse_left_behind(left: tuple[str, ...]) -> None:
    """Raises OutsideError for whatever is left after the backend reported success."""
    if left:
        more = f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""
        raise OutsideError(
            "Compose ended without an error, and these containers are still there: "
            f"{', '.join(left[:_MOST_NAMED])}{more}",
            hint="`docker logs` and `docker inspect` of one of them may show why; then run the command again",
        )
