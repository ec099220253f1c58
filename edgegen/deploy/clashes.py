"""Names and hosts that one Traefik would get from two sources, at least one of them in this project. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from edgegen.core.errors import Problem
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.edges import Edge, planned_edge, planned_labels, running_edges
from edgegen.deploy.model import Project
from edgegen.traefik.named import Content, Thing, defined, differing, same_requests

_MOST_NAMED = 5
"""Of many names that clash, the first few are enough."""


class Clashes(Struct, frozen=True):
    """Names that one Traefik would get twice. `problems` are new with this start; `notices` existed before it."""

    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()


class _Owner(Struct, frozen=True):
    """What has labels: a service that is about to start, or a container."""

    name: str
    project: str
    labels: Mapping[str, str]

    def defined(self) -> Mapping[Thing, Content]:
        return defined(self.labels, f"{self.project}/{self.name}")


class _Pair(Struct, frozen=True):
    """Two owners that one Traefik can't serve both. `rule`: under two names they match the same requests."""

    thing: Thing
    mine: _Owner
    theirs: _Owner
    rule: str = ""


def clashes(project: Project, use: str | None, containers: Sequence[ContainerSeen]) -> Clashes:
    """Every name that an edge would see with two definitions, at least one of them in this project."""
    problems: list[Problem] = []
    notices: list[str] = []
    own = planned_edge(project)
    for edge in [*([own] if own else []), *(e for e in running_edges(containers) if e.project != project.name)]:
        new = [_Owner(s.name, project.name, planned_labels(project, s)) for s in project.services]
        found = list(_pairs(edge, new, containers, project.name))
        if not found:
            continue
        present = [_Owner(c.name, c.project, c.labels) for c in containers if c.project == project.name]
        known = {(pair.thing, pair.theirs.name) for pair in _pairs(edge, present, containers, project.name)}
        fresh = [pair for pair in found if edge is own or (pair.thing, pair.theirs.name) not in known]
        cure = way_out(edge, shared=edge is own or edge.project == use)
        problems += [_clash(edge, cure, pair) for pair in fresh[:_MOST_NAMED]]
        if not fresh:
            notices.append(_known_clash(edge, found))
    return Clashes(tuple(problems), tuple(notices))


def _pairs(edge: Edge, mine: Sequence[_Owner], containers: Iterable[ContainerSeen], project: str) -> Iterator[_Pair]:
    seen = [(owner, owner.defined()) for owner in mine if edge.sees(owner.labels)]
    running = (c for c in containers if c.project != project and c.state in ("running", "restarting", "paused"))
    others = [_Owner(c.name, c.project, c.labels) for c in running if edge.sees(c.labels)]
    theirs = [(owner, owner.defined()) for owner in others]
    for index, (owner, content) in enumerate(seen):
        for other, its in theirs:
            yield from (_Pair(thing, owner, other) for thing in differing(content, its, two_projects=True))
            yield from (_Pair(thing, owner, other, content[thing]["rule"]) for thing in same_requests(content, its))
        for other, its in seen[index + 1 :]:
            if (owner.project, owner.name) != (other.project, other.name):
                yield from (_Pair(thing, owner, other) for thing in differing(content, its, two_projects=False))


def _clash(edge: Edge, cure: str, pair: _Pair) -> Problem:
    thing, mine, theirs = pair.thing, pair.mine, pair.theirs
    if theirs.project == mine.project:
        return Problem(
            f"services `{mine.name}` and `{theirs.name}` both define the {thing}, differently: Traefik would drop it",
            path=f"services.{mine.name}",
            hint="give it another name in one of them: labels of an override count too",
        )
    whose = f"container `{theirs.name}`" + (f" of project `{theirs.project}`" if theirs.project else "")
    if pair.rule:
        return Problem(
            f"{whose} already answers {pair.rule}, and Traefik `{edge.name}` sees both: it would serve one of the two",
            path=f"services.{mine.name}",
            hint=cure if cure.startswith("run ") else "give one of them another host or path",
        )
    result = "join the servers of both" if thing.kind == "services" else "drop it in both"
    return Problem(
        f"{whose} defines the {thing} too, and Traefik `{edge.name}` sees both: it would {result}",
        path=f"services.{mine.name}",
        hint=cure,
    )


def way_out(edge: Edge, *, shared: bool) -> str:
    """What to do about an edge that sees too much; `shared`: it is intended."""
    if shared:
        return "give the service another name in one of the projects"
    folder = f" -C {edge.folder}" if edge.folder else f" in project `{edge.project}`" if edge.project else ""
    if not edge.project:
        return f"`{edge.name}` reads the labels of every project: give it a constraint, or this project another edge"
    by_hand = "a Traefik that edgegen does not render needs a constraint"
    return f"run `edgegen up{folder}` first: its Traefik then sees its own project only ({by_hand})"


def _known_clash(edge: Edge, found: Sequence[_Pair]) -> str:
    first = found[0]
    both = f"the {first.thing} here and that of `{first.theirs.name}`"
    return f"Traefik `{edge.name}` sees {both}, as it did before: {way_out(edge, shared=False)}"
