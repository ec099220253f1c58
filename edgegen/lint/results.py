"""What is found, bound to its rule: each finding once, in the order of the files and their lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.location import Location
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Fix, Found, Rule


class Result(Struct, frozen=True):
    """A finding with what only lint has."""

    finding: Finding
    rule: Rule
    confidence: Confidence
    fix: Fix | None
    found: Found | None
    """None for a gap."""


def bound(rule: Rule, found: Found) -> Result:
    """What a rule has found, with the rule's own severity and confidence where it does not set them."""
    severity = found.severity or rule.severity
    finding = Finding(
        rule.id, rule.name, severity, found.outcome, found.subject, found.message, found.spot.location, found.hint
    )
    # What was rendered is fixed in edge.yaml.
    fix = None if found.fix and any(edit.file.is_rendered for edit in found.fix.edits) else found.fix
    return Result(finding, rule, found.confidence or rule.confidence, fix, found)


def stated(
    rule: Rule, outcome: Outcome, subject: str, message: str, where: Location | None, *,
    hint: str = "", severity: Severity | None = None, confidence: Confidence | None = None,
) -> Result:  # fmt: skip
    """What others than the rule itself say in its name: without a fix."""
    finding = Finding(rule.id, rule.name, severity or rule.severity, outcome, subject, message, where, hint)
    return Result(finding, rule, confidence or rule.confidence, None, None)


def each_once(results: Iterable[Result]) -> list[Result]:
    """Without those that say the same of the same place: two rules' views, or two projects, may share a file."""
    found: dict[tuple[object, ...], Result] = {}
    for item in results:
        found.setdefault((item.finding.id, item.finding.where, item.finding.message), item)
    return list(found.values())


def in_order(results: Iterable[Result], project: Project) -> list[Result]:
    """Each once, in the order of the project's files and their lines."""
    files = {file.name: index for index, file in enumerate(project.files)}
    return sorted(each_once(results), key=lambda item: place(item.finding, files))


def place(finding: Finding, files: Mapping[str, int]) -> tuple[int, int, int, str]:
    """Where a finding comes in a list. `files`: name -> position; what has no place comes last."""
    where = finding.where
    if where is None:
        return len(files), 0, 0, finding.id
    return files.get(where.file, len(files)), where.line, where.column, finding.id
