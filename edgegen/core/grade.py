"""The overall grade of findings, and its exit code. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from edgegen.core.finding import Finding, Outcome


class Grade(StrEnum):
    """The grade of a finding, an endpoint or a whole run; from best to worst."""

    GOOD = "good"
    REMARK = "remark"
    """Good, with a remark."""
    UNKNOWN = "unknown"
    """Could not be checked: neither good nor bad."""
    BAD = "bad"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return list(Grade).index(self)

    @property
    def exit_code(self) -> int:
        """0 for good, with or without remarks; 1 for bad; 4 for what could not be checked."""
        return {Grade.BAD: 1, Grade.UNKNOWN: 4}.get(self, 0)


def grade(finding: Finding) -> Grade:
    """The grade that one finding gives its endpoint."""
    if finding.outcome is Outcome.PASS:
        return Grade.GOOD
    if finding.outcome is Outcome.UNKNOWN:
        return Grade.UNKNOWN
    return Grade.REMARK if finding.is_remark else Grade.BAD


def worst(grades: Iterable[Grade]) -> Grade:
    """The worst of them. Without any, nothing was checked, which is not good."""
    return max(grades, key=lambda item: item.rank, default=Grade.UNKNOWN)
