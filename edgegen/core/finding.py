"""The result of a check, as data: it is printed, counted and serialised elsewhere."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from edgegen.core.location import Location

NOT_SEEN = "not-seen"
"""The verdict of a check that could not be made because of another finding, which says why."""


class Severity(StrEnum):
    """How much a finding matters, from worst to least."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Outcome(StrEnum):
    """`UNKNOWN` is "could not be checked": it never counts as a pass."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Finding(Struct, frozen=True):
    """One verdict about one subject (a host, a record, a service, a line of a file)."""

    id: str
    name: str
    severity: Severity
    outcome: Outcome
    subject: str
    message: str
    where: Location | None = None
    hint: str = ""
    verdict: str = ""
    """What exactly was found, as one word of a closed list, for a check that distinguishes several results."""

    @property
    def is_remark(self) -> bool:
        """Worth reporting, but not a reason to call the result bad."""
        return self.outcome is Outcome.FAIL and self.severity in (Severity.LOW, Severity.INFO)

    def as_json(self) -> dict[str, str | None]:
        """The object of product.md's `findings` list."""
        return {
            "id": self.id,
            "name": self.name,
            "severity": self.severity.value,
            "outcome": self.outcome.value,
            "subject": self.subject,
            "message": self.message,
            "where": str(self.where) if self.where else None,
            "hint": self.hint,
            **({"verdict": self.verdict} if self.verdict else {}),
        }
