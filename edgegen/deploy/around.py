"""Everything that `up` asks about the other projects of the engine, before it starts anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from edgegen.deploy.clashes import clashes
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.engine import Container
from edgegen.deploy.model import Project
from edgegen.deploy.neighbours import (
    elsewhere,
    lost_problems,
    lost_routes,
    shared_names,
    strangers_that_see,
)
from edgegen.deploy.preflight import Preflight
from edgegen.deploy.shared_edge import Wish, compared


def look_around(
    project: Project,
    folder: Path,
    wish: Wish,
    present: Sequence[ContainerSeen],
    publishing: Sequence[Container],
    *,
    local: bool,
) -> Preflight:
    """What stands in the way because of others, and what is worth saying about them."""
    problems = list(elsewhere(project.name, folder, present, local=local))
    if wish.use:
        problems += compared(wish, project.name, present, publishing)
    found = clashes(project, wish.use, present)
    problems += found.problems
    lost = lost_routes(project, present)
    if wish.serves is None and wish.use is None:
        problems += lost_problems(lost)
    return Preflight(tuple(dict.fromkeys(problems)), (*found.notices, *_notices(project, wish, present, lost)))


def _notices(
    project: Project, wish: Wish, present: Sequence[ContainerSeen], lost: Sequence[ContainerSeen]
) -> Iterator[str]:
    if wish.use:
        yield from (
            f"container `{item.name}` loses its route: it was served by this project's Traefik" for item in lost
        )
    yield from strangers_that_see(project, wish.use, present)
    yield from dict.fromkeys(shared_names(project, present))
