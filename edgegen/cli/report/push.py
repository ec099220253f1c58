"""A push as a report shows it: its steps and their times. URLs of uploads, which contain state, are left out."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from edgegen.verify.observation import PushSeen, StepSeen


class PushStep(Struct, frozen=True):
    """One step. `fault` is empty where it went well; `status` is None where no answer came."""

    step: str
    ok: bool
    fault: str
    status: int | None
    seconds: float
    bytes: int
    """Bytes that were sent, or read when pulling."""


class Push(Struct, frozen=True):
    """A round trip, or why there was none (`skipped`)."""

    steps: tuple[PushStep, ...]
    skipped: str
    size: int
    cleaned: bool | None
    """Whether what was made is gone again; None: deletion is off."""

    @classmethod
    def of(cls, seen: PushSeen) -> Push:
        """The push as it was seen."""
        return cls(tuple(map(_step, seen.steps)), seen.skipped, seen.size, seen.cleaned)

    def as_json(self) -> dict[str, Any]:
        """Its object in the JSON report."""
        return {**asdict(self), "steps": [asdict(step) for step in self.steps]}


def _step(seen: StepSeen) -> PushStep:
    fault = "" if seen.ok else seen.fault or "does not follow the registry protocol"
    return PushStep(seen.step.value, seen.ok, fault, seen.status or None, round(seen.seconds, 3), seen.sent)
