"""The shape of a check: a closed list of verdicts, and a pure function from what was seen to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from edgegen.core.cloudflare import RANGES
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.endpoints import Aspect
from edgegen.verify.observation import Observation

OK = "ok"
NOT_SEEN = "not-seen"
"""What a check depends on could not be seen: never counts as good. The cause has a finding of its own."""


@dataclass(frozen=True, slots=True)
class Context:
    """What judging needs beside the observation: the time as an argument, and what the user chose."""

    now: datetime
    cloudflare: tuple[str, ...] = RANGES
    strict_tls: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One word of a check's closed list, with how much it matters. LOW and INFO are remarks: the run stays good."""

    word: str
    severity: Severity
    outcome: Outcome = Outcome.FAIL


@dataclass(frozen=True, slots=True)
class Check:
    """One check. Its module's docstring is its page: what it does, why, an example, and how to mend it.

    `judge` gives at least one finding for every observation that the check applies to, and none for others.
    """

    id: str
    name: str
    verdicts: tuple[Verdict, ...]
    judge: Callable[[Observation, Context], Iterable[Finding]]

    def finding(
        self, seen: Observation, word: str, message: str, *, hint: str = "", aspect: str = Aspect.HOST,
        severity: Severity | None = None,
    ) -> Finding:  # fmt: skip
        """A finding with a verdict of the list. Raises KeyError for a word that is not on it."""
        verdict = {item.word: item for item in self.verdicts}[word]
        return Finding(
            id=self.id,
            name=self.name,
            severity=severity or verdict.severity,
            outcome=verdict.outcome,
            subject=seen.endpoint.shown,
            message=message,
            where=seen.endpoint.place(aspect),
            hint=hint,
            verdict=word,
        )

    def passed(self, seen: Observation, message: str, *, aspect: str = Aspect.HOST, word: str = OK) -> Finding:
        """It is as it should be. `message` says what was seen; `word` names a good state that has a word of its own."""
        return Finding(
            self.id, self.name, Severity.INFO, Outcome.PASS, seen.endpoint.shown, message,
            seen.endpoint.place(aspect), verdict=word,
        )  # fmt: skip

    def not_seen(self, seen: Observation, why: str) -> Finding:
        """What the check needs could not be looked at; the cause is another check's finding."""
        return Finding(
            self.id, self.name, Severity.INFO, Outcome.UNKNOWN, seen.endpoint.shown, f"not seen: {why}",
            seen.endpoint.place(), verdict=NOT_SEEN,
        )  # fmt: skip
