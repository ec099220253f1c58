"""Other projects of the engine: what `up` would take from them, or they from it. Pure, but for one look at a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgegen.core.errors import Problem
from edgegen.deploy.containers import WORKING_DIR, ContainerSeen
from edgegen.deploy.edges import Edge, planned_edge, planned_labels, running_edges
from edgegen.deploy.model import Project
from edgegen.traefik.named import Content, Thing, defined, differing

_MOST_NAMED = 5
"""Of many names that clash, the first few tell the story."""


def elsewhere(name: str, folder: Path, containers: Iterable[ContainerSeen], *, local: bool = True) -> Iterator[Problem]:
    """A project of this name that was started from another folder: one would take the other's containers away.

    A folder that is gone was moved: nobody else can be in it.
    """
    here = os.path.realpath(folder)
    others = {item.labels.get(WORKING_DIR, "") for item in containers if item.project == name} - {""}
    for other in sorted(others):
        if os.path.realpath(other) != here and not (local and _gone(other)):
            yield Problem(
                f"project `{name}` already runs from {other}",
                path="name",
                hint=f"`edgegen down -C {other}` stops that one; or give this one another `name:`",
            )


def _gone(folder: str) -> bool:
    try:
        return not Path(folder).exists()
    except OSError:
        return False


def lost_routes(project: Project, containers: Sequence[ContainerSeen]) -> tuple[ContainerSeen, ...]:
    """The containers of others that the project's running Traefik serves, and that the new one would not see."""
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
    """One for each container that would lose its route."""
    for item in lost:
        of = f" of project `{item.project}`" if item.project else ""
        yield Problem(
            f"container `{item.name}`{of} would lose its route: Traefik now serves this project only",
            path="edge.serves",
            hint="`edge: {serves: all}` keeps such routes, `edge: {serves: own}` lets them go: write one of the two",
        )


@dataclass(frozen=True, slots=True)
class Clashes:
    """Names that one Traefik would get twice. `problems` are new with this start; `notices` were there before it."""

    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whatever has labels: a service that is about to start, or a container."""

    name: str
    project: str
    labels: Mapping[str, str]

    def defined(self) -> Mapping[Thing, Content]:
        return defined(self.labels, f"{self.project}/{self.name}")


def clashes(project: Project, use: str | None, containers: Sequence[ContainerSeen]) -> Clashes:
    """Every name that an edge would see with two contents, at least one of them of this project."""
    problems: list[Problem] = []
    notices: list[str] = []
    own = planned_edge(project)
    for edge in [*([own] if own else []), *(e for e in running_edges(containers) if e.project != project.name)]:
        new = [_Owner(s.name, project.name, planned_labels(project, s)) for s in project.services]
        found = list(_pairs(edge, new, containers, project.name))
        if not found:
            continue
        present = [_Owner(c.name, c.project, c.labels) for c in containers if c.project == project.name]
        known = {(thing, theirs.name) for thing, _, theirs in _pairs(edge, present, containers, project.name)}
        fresh = [pair for pair in found if edge is own or (pair[0], pair[2].name) not in known]
        way_out = _way_out(edge, shared=edge is own or edge.project == use)
        problems += [_clash(edge, way_out, *pair) for pair in fresh[:_MOST_NAMED]]
        if not fresh:
            notices.append(_known_clash(edge, found))
    return Clashes(tuple(problems), tuple(notices))


def _pairs(
    edge: Edge, mine: Sequence[_Owner], containers: Iterable[ContainerSeen], project: str
) -> Iterator[tuple[Thing, _Owner, _Owner]]:
    seen = [(owner, owner.defined()) for owner in mine if edge.sees(owner.labels)]
    running = (c for c in containers if c.project != project and c.state in ("running", "restarting", "paused"))
    others = [_Owner(c.name, c.project, c.labels) for c in running if edge.sees(c.labels)]
    theirs = [(owner, owner.defined()) for owner in others]
    for index, (owner, content) in enumerate(seen):
        for other, its in theirs:
            yield from ((thing, owner, other) for thing in differing(content, its, strangers=True))
        for other, its in seen[index + 1 :]:
            if (owner.project, owner.name) != (other.project, other.name):
                yield from ((thing, owner, other) for thing in differing(content, its, strangers=False))


def _clash(edge: Edge, way_out: str, thing: Thing, mine: _Owner, theirs: _Owner) -> Problem:
    if theirs.project == mine.project:
        return Problem(
            f"services `{mine.name}` and `{theirs.name}` both define the {thing}, and not alike: Traefik would drop it",
            path=f"services.{mine.name}",
            hint="give it another name in one of them: labels of an override count as well",
        )
    whose = f"container `{theirs.name}`" + (f" of project `{theirs.project}`" if theirs.project else "")
    result = "join the servers of both" if thing.kind == "services" else "drop it in both"
    return Problem(
        f"{whose} defines the {thing} too, and Traefik `{edge.name}` sees both: it would {result}",
        path=f"services.{mine.name}",
        hint=way_out,
    )


def _way_out(edge: Edge, *, shared: bool) -> str:
    if shared:
        return "give the service another name in one of the projects"
    folder = f" -C {edge.folder}" if edge.folder else f" in project `{edge.project}`" if edge.project else ""
    if not edge.project:
        return f"`{edge.name}` reads the labels of every project: give it a constraint, or this project another edge"
    return f"run `edgegen up{folder}` first: its Traefik then sees its own project only"


def _known_clash(edge: Edge, found: Sequence[tuple[Thing, _Owner, _Owner]]) -> str:
    thing, _, theirs = found[0]
    return (
        f"Traefik `{edge.name}` of project `{edge.project}` sees the {thing} here and in `{theirs.name}`, as it did "
        f"before: {_way_out(edge, shared=False)}"
    )


def strangers_that_see(project: Project, use: str | None, containers: Sequence[ContainerSeen]) -> Iterator[str]:
    """Traefiks of others that read this project's labels: they order certificates for its hosts as well."""
    if use:
        return
    public = [planned_labels(project, s) for s in project.services if defined(planned_labels(project, s), s.name)]
    for edge in running_edges(containers):
        if edge.project != project.name and any(edge.sees(labels) for labels in public):
            yield (
                f"Traefik `{edge.name}` reads the labels of every project, this one's too, and may order certificates "
                f"for its hosts: {_way_out(edge, shared=False)}"
            )


def shared_names(project: Project, containers: Iterable[ContainerSeen]) -> Iterator[str]:
    """Services of one name on one network: the engine's DNS answers with either."""
    for service in project.services:
        for item in containers:
            common = sorted(set(service.networks) & set(item.networks))
            if common and item.project != project.name and item.service == service.name:
                yield (
                    f"`{service.name}` is also a service of project `{item.project}` on network `{common[0]}`: what "
                    "asks for that name there may reach either of the two"
                )
