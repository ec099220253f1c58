"""The answer of a run: findings in order, what was suppressed, what could not be seen, and the exit code. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from edgegen.core.finding import Outcome, Severity
from edgegen.lint.results import Result
from edgegen.lint.suppression.apply import Suppressed

NEVER = "never"
RANKS = {item: rank for rank, item in enumerate(Severity)}
"""Severity -> its rank; the worst is 0."""


def is_at_least(severity: Severity, fail_on: str) -> bool:
    """Whether a finding of this severity makes the answer a no."""
    return fail_on != NEVER and RANKS[severity] <= RANKS[Severity(fail_on)]


class Reported(Struct, frozen=True):
    """One finding as it is reported."""

    result: Result
    fingerprint: str

    @property
    def is_seen(self) -> bool:
        """Whether it is a finding, and not something that could not be seen."""
        return self.result.finding.outcome is Outcome.FAIL


class Answer(Struct, frozen=True, eq=False, dict=True):
    """Everything that a report needs."""

    reported: tuple[Reported, ...]
    suppressed: tuple[Suppressed, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """Each file that was looked at, by the name that findings use."""
    fail_on: str = Severity.MEDIUM.value
    strict: bool = False
    fixed: int = 0
    """Findings that `--fix` has fixed: they are not reported."""

    @cached_property
    def findings(self) -> list[Reported]:
        """What was found."""
        return [item for item in self.reported if item.is_seen]

    @cached_property
    def unseen(self) -> list[Reported]:
        """What could not be seen."""
        return [item for item in self.reported if not item.is_seen]

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity, the worst first."""
        found = Counter(item.result.finding.severity.value for item in self.findings)
        return {item.value: found[item.value] for item in Severity}

    @property
    def fixable(self) -> int:
        """Findings that `--fix` would fix."""
        return sum(item.result.fix is not None for item in self.findings)

    @property
    def is_bad(self) -> bool:
        """Whether something is at or above `fail_on`."""
        return any(is_at_least(item.result.finding.severity, self.fail_on) for item in self.findings)

    @property
    def exit_code(self) -> int:
        """0: nothing at or above `fail_on`. 1: findings. 4: strict, and something could not be seen."""
        return 1 if self.is_bad else 4 if self.strict and self.unseen else 0
