"""The way from one Traefik to a newer one, and what each step of it is asked for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Found
from edgegen.traefik.version import Version, is_at_least


@dataclass(frozen=True, eq=False)
class Way:
    """One project on its way. `old` is what it was pinned to when it set out: fixes may have changed the tag since."""

    project: Project
    old: Version
    new: Version
    written: set[str] = field(default_factory=set)
    """Rules that a fix of this way has written: they are of the new Traefik, and are not rewritten again."""

    @cached_property
    def edge(self) -> Edge:
        return edge_of(self.project)

    @property
    def leaves_2(self) -> bool:
        """Whether it is the way from Traefik 2 to 3."""
        return self.old.major < 3 <= self.new.major

    @property
    def is_swarm(self) -> bool:
        return self.project.mode is Mode.SWARM

    def passes(self, *firsts: Version) -> bool:
        """Whether something that came with `firsts` comes on this way."""
        return not is_at_least(self.old, *firsts) and is_at_least(self.new, *firsts)


Step = Callable[[Way], Iterator[Found]]
