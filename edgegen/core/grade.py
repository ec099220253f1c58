"""How good findings are taken together, and the exit code that says so. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from edgegen.core.finding import Finding, Outcome


class Grade(StrEnum):
    """How good a finding, an endpoint or a whole run is; from best to worst."""

    GOOD = "good"
    REMARK = "remark"
    """Good, with something to say about it."""
    UNKNOWN = "unknown"
    """Could not be told: neither good nor bad."""
    BAD = "bad"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return list(Grade).index(self)

    @property
    def exit_code(self) -> int:
        """0 for what is good, with remarks or without; 1 for what is bad, 4 for what could not be told."""
        return {Grade.BAD: 1, Grade.UNKNOWN: 4}.get(self, 0)


def grade(finding: Finding) -> Grade:
    """What one finding makes of its endpoint."""
    if finding.outcome is Outcome.PASS:
        return Grade.GOOD
    if finding.outcome is Outcome.UNKNOWN:
        return Grade.UNKNOWN
    return Grade.REMARK if finding.is_remark else Grade.BAD


def worst(grades: Iterable[Grade]) -> Grade:
    """The worst of them. Where there are none, nobody has looked: that is not good."""
    return max(grades, key=lambda item: item.rank, default=Grade.UNKNOWN)
