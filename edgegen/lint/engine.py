"""All rules over one project. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edgegen.core.finding import Finding, Outcome
from edgegen.lint.model import Gap, Project
from edgegen.lint.own import NOT_SEEN
from edgegen.lint.rule import Confidence, Fix, Found, Rule
from edgegen.lint.rules import rules
from edgegen.spec.source import no_garbage_collection

GAP = NOT_SEEN
"""What the files do not show."""


@dataclass(frozen=True, slots=True)
class Result:
    """A finding with what only lint has."""

    finding: Finding
    rule: Rule
    confidence: Confidence
    fix: Fix | None
    found: Found | None
    """None for a gap."""


def lint(project: Project) -> list[Result]:
    """What all rules find, in the order of the files and their lines, each finding once."""
    with no_garbage_collection():
        results = [*map(of_gap, project.gaps), *_found(project)]
    files = {file.name: index for index, file in enumerate(project.files)}
    unique = {(item.finding.id, item.finding.where, item.finding.message): item for item in results}
    return sorted(unique.values(), key=lambda item: _order(item, files))


def _found(project: Project) -> Iterator[Result]:
    neighbours = {id(item.file) for item in project.dynamic if not item.named}
    for rule, check in rules():
        for found in check(project):
            if id(found.spot.file) not in neighbours:  # nobody asked for the faults of these
                yield _bound(rule, found)


def _bound(rule: Rule, found: Found) -> Result:
    finding = Finding(
        rule.id,
        rule.name,
        found.severity or rule.severity,
        found.outcome,
        found.subject,
        found.message,
        found.spot.location,
        found.hint,
    )
    return Result(finding, rule, found.confidence or rule.confidence, found.fix, found)


def of_gap(gap: Gap) -> Result:
    """What could not be seen, as a separate finding."""
    where = gap.where or (gap.spot.location if gap.spot else None)
    subject = where.file if where else ""
    finding = Finding(GAP.id, GAP.name, GAP.severity, Outcome.UNKNOWN, subject, gap.message, where, gap.hint)
    return Result(finding, GAP, GAP.confidence, None, None)


def _order(item: Result, files: dict[str, int]) -> tuple[int, int, int, str]:
    where = item.finding.where
    if where is None:
        return len(files), 0, 0, item.finding.id
    return files.get(where.file, len(files)), where.line, where.column, item.finding.id
