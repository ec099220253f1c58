"""Other projects of the engine, and what `up` would break for them, or they for it. Pure, except for `elsewhere`."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from edgegen.core.errors import Problem
from edgegen.deploy.clashes import clashes, way_out
from edgegen.deploy.containers import CONFIG_FILES, WORKING_DIR, ContainerSeen
from edgegen.deploy.edges import planned_edge, planned_labels, running_edges
from edgegen.deploy.model import Project
from edgegen.deploy.preflight import Preflight
from edgegen.deploy.shared_edge import Wish, compared
from edgegen.traefik.named import defined


def look_around(
    project: Project,
    folder: Path,
    wish: Wish,
    present: Sequence[ContainerSeen],
    *,
    local: bool,
    known: Collection[str] = (),
) -> Preflight:
    """Obstacles to a start, and remarks, because of other projects. `known` are other folders of this project."""
    problems = list(elsewhere(project.name, folder, present, local=local, known=known))
    if wish.use:
        problems += compared(wish, project.name, running_edges(present), present)
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


def elsewhere(
    name: str, folder: Path, containers: Iterable[ContainerSeen], *, local: bool = True, known: Collection[str] = ()
) -> Iterator[Problem]:
    """A project of this name that was started from another folder: one would replace the other's containers."""
    for other in other_folders(name, folder, containers, local=local, known=known):
        there = f"`edgegen down -C {other}`, or `docker compose down` there" if local else "`edgegen down` with --host"
        again = "" if local else f", or name its folder (`--remote-dir {other}`) if it is this project"
        yield Problem(
            f"project `{name}` already runs from {other}",
            path="name",
            hint=f"stop that one first ({there}){again}, or give this one another `name:`",
        )


def other_folders(
    name: str, folder: Path, containers: Iterable[ContainerSeen], *, local: bool = True, known: Collection[str] = ()
) -> list[str]:
    """The folders from which a project of this name was started, this one left out.

    One that no longer exists was moved: no other project can be in it. Links of this machine mean nothing on another.
    """
    seen = {item.labels.get(WORKING_DIR, "") for item in containers if item.project == name} - {"", *known}
    if not local:
        return sorted(seen - {str(folder)})
    return sorted(other for other in seen if not is_same(other, folder) and not _gone(other))


def renamed(name: str, file: Path, containers: Iterable[ContainerSeen]) -> list[str]:
    """The projects that were started from this very file, when it had another name."""
    here = os.path.realpath(file)
    started = (item for item in containers if item.project and item.project != name)
    return sorted({item.project for item in started if here in map(os.path.realpath, _files(item))})


def back_to(old: str) -> str:
    """What to do about a project that still runs under an earlier name."""
    return f"`docker compose -p {old} down` stops the old one and keeps its volumes; or set `name: {old}` again"


def twice(name: str, file: Path, containers: Iterable[ContainerSeen]) -> Iterator[Problem]:
    """The problem of a start under a new name."""
    for old in renamed(name, file, containers):
        yield Problem(
            f"the project is called `{name}` now, and still runs as `{old}`: it would be there twice, the second time "
            "with new, empty volumes",
            path="name",
            hint=back_to(old),
        )


def _files(container: ContainerSeen) -> list[str]:
    return [file for file in container.labels.get(CONFIG_FILES, "").split(",") if file.startswith("/")]


def is_same(one: str, other: Path) -> bool:
    """Whether it is one folder: by another link, or mounted at two places."""
    try:
        return bool(one) and (os.path.realpath(one) == os.path.realpath(other) or Path(one).samefile(other))
    except (OSError, ValueError):
        return False


def _gone(folder: str) -> bool:
    try:
        return not Path(folder).exists()
    except OSError:
        return False


def lost_routes(project: Project, containers: Sequence[ContainerSeen]) -> tuple[ContainerSeen, ...]:
    """Containers of other projects that this project's running Traefik serves and the new one would not see."""
    new = planned_edge(project)
    old = [edge for edge in running_edges(containers) if edge.project == project.name and edge.constraint == ""]
    return tuple(
        item
        for item in containers
        if item.project != project.name and item.state == "running"
        if any(edge.sees(item.labels) and edge.networks & set(item.networks) for edge in old)
        if new is None or new.sees(item.labels) is False
    )


def lost_problems(lost: Iterable[ContainerSeen]) -> Iterator[Problem]:
    """A problem for each container that would lose its route."""
    for item in lost:
        of = f" of project `{item.project}`" if item.project else ""
        yield Problem(
            f"container `{item.name}`{of} would lose its route: Traefik now serves this project only",
            path="edge.serves",
            hint="`edge: {serves: all}` keeps such routes, `edge: {serves: own}` drops them: write one of the two",
        )


def strangers_that_see(project: Project, use: str | None, containers: Sequence[ContainerSeen]) -> Iterator[str]:
    """Traefiks of other projects that read this project's labels: they order certificates for its hosts too."""
    if use:
        return
    public = [planned_labels(project, s) for s in project.services if defined(planned_labels(project, s), s.name)]
    for edge in running_edges(containers):
        if edge.project != project.name and any(edge.sees(labels) for labels in public):
            yield (
                f"Traefik `{edge.name}` reads the labels of every project, including this one, and may order "
                f"certificates for its hosts: {way_out(edge, shared=False)}"
            )


def shared_names(project: Project, containers: Iterable[ContainerSeen]) -> Iterator[str]:
    """Services with the same name on one network: the engine's DNS answers with either."""
    for service in project.services:
        for item in containers:
            common = sorted(set(service.networks) & set(item.networks))
            if common and item.project != project.name and item.service == service.name:
                yield (
                    f"`{service.name}` is also a service of project `{item.project}` on network `{common[0]}`: what "
                    "asks for that name there may reach either of them"
                )
