"""up, down and status of a rendered stack: the steps, in order, for every backend. The caller prints."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

from msgspec import Struct

from edgegen.core.errors import OutsideError, RefusedError
from edgegen.deploy.backends.base import Asked, Backend, Changes, Place, Reporter, Start
from edgegen.deploy.health import Standing
from edgegen.deploy.host import is_far, refuse_files
from edgegen.deploy.model import Project, host_files, read_yaml
from edgegen.deploy.preflight import Preflight, Preparation
from edgegen.deploy.terminal_text import tail
from edgegen.system.stop import partial_if


class Raised(Struct, frozen=True):
    """What `up` has done: the state of the project, the external networks and volumes that it created, and the node
    labels that it set."""

    standing: Standing
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def up(backend: Backend, reporter: Reporter, how: Start, asked: Asked | None = None) -> Raised:
    """Check first, create what is missing, build and start everything, wait until it is healthy.

    Raises SpecError if the files are refused, RefusedError if the preflight found an obstacle, OutsideError for an
    external failure before anything was changed, PartialError for one afterwards.
    """
    project = backend.read()
    found = backend.preflight(project, asked or Asked())
    for words in found.passed:
        reporter.tick(words)
    for notice in found.notices:
        reporter.note(notice)
    if problems := [*project.obstacles, *found.problems]:
        raise RefusedError(problems)
    changes = Changes(backend.snapshot(project.name))
    with partial_after_changes(backend, project.name, changes):
        for item in found.missing:
            _make(backend.place, item, changes, reporter)
        standing = backend.up(project, replace(how, present=found.present), changes, reporter)
    return Raised(standing, _made(found, "network"), _made(found, "volume"), _made(found, "label"))


def down(backend: Backend, reporter: Reporter, *, volumes: bool = False) -> Project:
    """Stop and remove the project's containers and networks. External networks and volumes stay.

    Raises SpecError, OutsideError and PartialError as `up` does, and RefusedError for a project of this name that is
    another one.
    """
    project = backend.read()
    if others := list(backend.others(project)):
        raise RefusedError(others)
    changes = Changes(backend.snapshot(project.name))
    if not changes.had_containers:
        _say_where(backend, project, changes, reporter)
    with partial_after_changes(backend, project.name, changes):
        backend.down(changes, volumes=volumes)
        for remark in changes.remarks:
            reporter.note(remark)
        if left := list(backend.left_behind(project.name)):
            raise OutsideError(left)
    return project


def _say_where(backend: Backend, project: Project, changes: Changes, reporter: Reporter) -> None:
    """Nothing runs that could be stopped. Raises RefusedError where that is only because it runs elsewhere."""
    instead = list(backend.instead(project))
    if instead and not changes.before:
        raise RefusedError(instead)
    for problem in instead:
        reporter.note(f"{problem.message}: {problem.hint}")
    if not changes.before:
        reporter.note(f"nothing of project `{project.name}` is there")


def status(backend: Backend, *, host: str = "") -> Standing:
    """The present state of the project. Raises SpecError, RefusedError and OutsideError."""
    return backend.status(backend.read(), host)


def refuse_local_files(text: str, host: str) -> None:
    """Before anything is rendered. Raises RefusedError with all files that can't be copied to `host`."""
    if is_far(host):
        refuse_files(host_files(read_yaml(text)), host)


def partial_after_changes(backend: Backend, name: str, changes: Changes) -> AbstractContextManager[None]:
    """An OutsideError after a change becomes a PartialError. An interrupt reports whether anything was changed."""

    def is_changed() -> bool:
        return bool(changes.made) or _differs(backend, name, changes.before)

    def so_far() -> str:
        made = f" ({', '.join(changes.made)})" if changes.made else ""
        if is_changed():
            return f"the stack was changed{made}: `edgegen status` shows it, and the same command continues"
        return "no container, network or volume was changed"

    return partial_if(is_changed, so_far)


def _differs(backend: Backend, name: str, before: frozenset[str]) -> bool:
    try:
        return backend.snapshot(name) != before
    except OutsideError:  # the engine no longer answers: assume the worse
        return True


def _make(place: Place, item: Preparation, changes: Changes, reporter: Reporter) -> None:
    result = place.runner.run(item.command)
    if not result.ok:
        raise OutsideError(f"{item.kind} `{item.name}` could not be created: {tail(result.stderr, 2)}")
    changes.made.append(f"{item.kind} {item.name}")
    reporter.note(item.told)


def _made(found: Preflight, kind: str) -> tuple[str, ...]:
    return tuple(item.name for item in found.missing if item.kind == kind)
