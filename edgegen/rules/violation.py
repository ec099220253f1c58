"""What a rule reports about a spec."""

from __future__ import annotations

from msgspec import Struct

from edgegen.core.finding import Severity
from edgegen.core.location import Path


class Violation(Struct, frozen=True):
    """One broken rule at one place of the spec. `refused`: the spec is not rendered; else it is only reported."""

    path: Path
    message: str
    hint: str = ""
    refused: bool = True
    severity: Severity = Severity.HIGH
    rule: str = ""
    """The rule's id; empty for what is not a rule's: a target's complaint, a clash of records."""
