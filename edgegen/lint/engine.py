"""All rules over one project. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Outcome
from edgegen.lint.asked import asked
from edgegen.lint.model import Gap, Project
from edgegen.lint.own import NOT_SEEN
from edgegen.lint.results import Result, bound, in_order, stated
from edgegen.spec.source import no_garbage_collection


def lint(project: Project) -> list[Result]:
    """What all rules find, in the order of the files and their lines, each finding once."""
    with no_garbage_collection():
        return in_order([*map(of_gap, project.gaps), *_found(project)], project)


def _found(project: Project) -> Iterator[Result]:
    neighbours = {id(item.file) for item in project.dynamic if not item.named}
    for rule, check in asked(project):
        for found in check(project):
            if id(found.spot.file) not in neighbours:  # nobody asked for the faults of these
                yield bound(rule, found)


def of_gap(gap: Gap) -> Result:
    """What could not be seen, as a separate finding."""
    where = gap.where or (gap.spot.location if gap.spot else None)
    subject = where.file if where else ""
    return stated(NOT_SEEN, Outcome.UNKNOWN, subject, gap.message, where, hint=gap.hint)
