"""Everything that `up` asks about the other projects of the engine, before it starts anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgegen.core.errors import Problem
from edgegen.deploy.clashes import clashes
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.engine import Container
from edgegen.deploy.neighbours import (
    elsewhere,
    lost_problems,
    lost_routes,
    shared_names,
    strangers_that_see,
)
from edgegen.deploy.override_name import renamed
from edgegen.deploy.preflight import Preflight
from edgegen.deploy.session import Session
from edgegen.deploy.shared_edge import Wish, compared


def look_around(
    session: Session, wish: Wish, present: Sequence[ContainerSeen], publishing: Sequence[Container], *, local: bool
) -> Preflight:
    """What stands in the way because of others, and what is worth saying about them."""
    project, folder = session.project, session.stack.project
    problems = [*renamed(session.stack), *elsewhere(project.name, folder, present, local=local)]
    if wish.use:
        problems += compared(wish, project.name, present, publishing)
    found = clashes(project, wish.use, present)
    problems += found.problems
    lost = lost_routes(project, present)
    if wish.serves is None and wish.use is None:
        problems += lost_problems(lost)
    return Preflight(_each_once(problems), (*found.notices, *_notices(session, wish, present, lost)))


def _notices(
    session: Session, wish: Wish, present: Sequence[ContainerSeen], lost: Sequence[ContainerSeen]
) -> Iterator[str]:
    if wish.use:
        yield from (
            f"container `{item.name}` loses its route: it was served by this project's Traefik" for item in lost
        )
    yield from strangers_that_see(session.project, wish.use, present)
    yield from dict.fromkeys(shared_names(session.project, present))


def _each_once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))
