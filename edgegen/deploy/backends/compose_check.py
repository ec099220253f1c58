"""What would make a start on one host fail, and what is left after a stop: asked of the engine of that host."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.errors import Problem
from edgegen.deploy import engine
from edgegen.deploy.backends.base import Asked, Place
from edgegen.deploy.containers import containers
from edgegen.deploy.host import refuse_files
from edgegen.deploy.model import Project
from edgegen.deploy.neighbours import elsewhere, look_around
from edgegen.deploy.preflight import Preflight, Preparation, look

_MOST_NAMED = 10
"""Containers in one sentence."""


def check(place: Place, project: Project, asked: Asked) -> Preflight:
    """All checks of a start. Raises RefusedError for files that the host does not have, OutsideError."""
    refuse_files(project.host_files, asked.host)
    found = engine.inspect_engine(place.runner, asked.host)
    everything = containers(place.runner, one_offs=True)
    present = tuple(item for item in everything if not item.is_one_off)
    seen = look(project, place.folder, found, everything)
    among = look_around(project, place.folder, asked.wish, present, local=found.is_local)
    problems, notices = (*among.problems, *seen.problems), (*seen.notices, *among.notices)
    return Preflight(problems, notices, tuple(_missing(place, project)) if not problems else (), present)


def _missing(place: Place, project: Project) -> Iterator[Preparation]:
    for kind, wanted in (("network", project.networks), ("volume", project.volumes)):
        present = engine.list_names(place.runner, kind) if wanted else ()
        for name in wanted:
            if name not in present:
                command = engine.create_command(kind, name)
                yield Preparation(kind, name, command, f"created the external {kind} `{name}`")


def others(place: Place, project: Project) -> Iterator[Problem]:
    """A project of this name that runs from another folder of this machine."""
    return elsewhere(project.name, place.folder, containers(place.runner, project.name))


def left_behind(place: Place, name: str) -> Iterator[Problem]:
    """The containers that are left after Compose reported success."""
    if left := engine.container_names(place.runner, name):
        more = f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""
        yield Problem(
            "Compose ended without an error, and these containers are still there: "
            f"{', '.join(left[:_MOST_NAMED])}{more}",
            hint="`docker logs` and `docker inspect` of one of them may show why; then run the command again",
        )
