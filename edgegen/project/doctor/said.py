"""A check's verdict as a finding, and an error as one."""

from __future__ import annotations

from msgspec import Struct

from edgegen.core.errors import EdgegenError
from edgegen.core.finding import Finding, Outcome, Severity


class Said(Struct, frozen=True):
    """Findings of one check."""

    id: str
    name: str

    def good(self, message: str) -> Finding:
        """All is well."""
        return self._finding(Severity.INFO, Outcome.PASS, message)

    def remark(self, message: str, hint: str = "") -> Finding:
        """Worth knowing, and no reason to call the machine bad."""
        return self._finding(Severity.LOW, Outcome.FAIL, message, hint)

    def bad(self, message: str, hint: str = "") -> Finding:
        """A fault, and how to fix it."""
        return self._finding(Severity.HIGH, Outcome.FAIL, message, hint)

    def unknown(self, message: str, hint: str = "") -> Finding:
        """It could not be checked."""
        return self._finding(Severity.HIGH, Outcome.UNKNOWN, message, hint)

    def error(self, error: EdgegenError, outcome: Outcome = Outcome.FAIL) -> Finding:
        """The first problem of an error."""
        problem = error.problems[0]
        return self._finding(Severity.HIGH, outcome, str(problem), problem.hint)

    def _finding(self, severity: Severity, outcome: Outcome, message: str, hint: str = "") -> Finding:
        return Finding(self.id, self.name, severity, outcome, self.name, message, hint=hint)
