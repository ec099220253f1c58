"""What would make a start on one host fail: asked of the engine of that host."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec import Struct

from edgegen.deploy import engine
from edgegen.deploy.backends.base import Asked, Place
from edgegen.deploy.backends.compose_certificates import left_on_a_swarm
from edgegen.deploy.confinement import confined, confinement
from edgegen.deploy.containers import containers
from edgegen.deploy.engine import Engine
from edgegen.deploy.left_volumes import left_volumes, volumes
from edgegen.deploy.model import Project
from edgegen.deploy.neighbours import look_around, twice
from edgegen.deploy.preflight import Holding, Preflight, Preparation, look
from edgegen.deploy.whereabouts import elsewhere


class Host(Struct, frozen=True):
    """The engine and the project's folder on its host; `known` are other names of that folder."""

    engine: Engine
    folder: Path
    known: Collection[str] = ()
    holding: Holding | None = None


def check(place: Place, project: Project, asked: Asked, host: Host) -> Preflight:
    """All checks of a start. Raises OutsideError."""
    everything = containers(place.runner, one_offs=True)
    present = tuple(item for item in everything if not item.is_one_off)
    seen = look(project, host.folder, host.engine, everything, host.holding)
    among = look_around(project, host.folder, asked.wish, present, local=host.engine.is_local, known=host.known)
    is_alone = host.engine.is_local and asked.wish.alone
    is_new = host.engine.is_local and not any(item.project == project.name for item in present)
    doubled = elsewhere(place.runner, project.name, host.folder) if is_new and not asked.host else ()
    others = (*doubled, *(twice(project.name, place.file, present) if is_alone else ()), *among.problems)
    left = left_on_a_swarm(place.runner, host.folder, project.name) if is_new else ()
    closed = (
        confined(project, host.folder, host.engine, confinement(place.runner, project)) if host.engine.is_local else ()
    )
    problems, notices = (*others, *seen.problems, *closed), (*seen.notices, *among.notices, *left)
    if project.own_volumes and not any(item.project == project.name for item in present):
        notices = (*notices, *left_volumes(project, volumes(place.runner), everything))
    passed = (*seen.passed, *(() if others else ("no other project gets in the way",)))
    missing = tuple(_missing(place, project)) if not problems else ()
    return Preflight(problems, notices, missing, present, passed)


def _missing(place: Place, project: Project) -> Iterator[Preparation]:
    for kind, wanted in (("network", project.networks), ("volume", project.volumes)):
        present = engine.list_names(place.runner, kind) if wanted else ()
        for name in wanted:
            if name not in present:
                command = engine.create_command(kind, name)
                yield Preparation(kind, name, command, f"created the external {kind} `{name}`")
