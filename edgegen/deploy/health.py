"""The state of a started project: one row for each container, and a verdict for each row. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from edgegen.core.finding import Finding, Outcome, Severity

ONE_OFF = "com.docker.compose.oneoff"


class Verdict(StrEnum):
    """`DONE`: ended with 0, as a service without a restart policy may. `PENDING`: not known to be healthy yet."""

    HEALTHY = "healthy"
    DONE = "done"
    PENDING = "pending"
    ILL = "ill"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One container, or a service that has none (`container` is "")."""

    service: str
    container: str = ""
    state: str = "absent"
    health: str = ""
    exit_code: int = 0
    ports: tuple[str, ...] = ()
    image: str = ""
    verdict: Verdict = Verdict.MISSING
    short_of: str = ""
    """`1 of 3 containers`, if a service has only some of its replicas."""

    @property
    def ok(self) -> bool:
        return self.verdict in (Verdict.HEALTHY, Verdict.DONE)

    @property
    def state_text(self) -> str:
        """`exited (1)`, `running`, `absent`."""
        return f"{self.state} ({self.exit_code})" if self.state in ("exited", "dead") else self.state

    def as_json(self) -> dict[str, object]:
        """The object of `status --json`'s `services` list."""
        return {
            "service": self.service,
            "container": self.container,
            "state": self.state,
            "health": self.health,
            "exit_code": self.exit_code,
            "ports": list(self.ports),
            "image": self.image,
            "verdict": self.verdict.value,
            "ok": self.ok,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """All rows of a project, sorted by service and container."""

    project: str
    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        return all(row.ok for row in self.rows)

    @property
    def ill(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verdict in (Verdict.ILL, Verdict.MISSING))

    @property
    def pending(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verdict is Verdict.PENDING)

    @property
    def suspects(self) -> tuple[Row, ...]:
        """What made a start fail: the unhealthy rows; if there are none, those that never got ready."""
        return self.ill or self.pending

    def findings(self) -> tuple[Finding, ...]:
        """One finding for each row that is not healthy; a pending one is "unknown"."""
        return tuple(_finding(row) for row in self.rows if not row.ok)


def explain(row: Row) -> str:
    """What is wrong with a row: the end of a sentence that begins with the service's name."""
    if row.verdict is Verdict.MISSING:
        return f"has {row.short_of}" if row.short_of else "has no container"
    if row.verdict is Verdict.PENDING:
        return "is still starting"
    if row.state == "running":
        return f"is running and {row.health}"
    return f"is {row.state_text}"


def _finding(row: Row) -> Finding:
    pending = row.verdict is Verdict.PENDING
    return Finding(
        id="ED002" if row.verdict is Verdict.MISSING else "ED001",
        name="service-missing" if row.verdict is Verdict.MISSING else "service-unhealthy",
        severity=Severity.HIGH,
        outcome=Outcome.UNKNOWN if pending else Outcome.FAIL,
        subject=row.service,
        message=f"service `{row.service}` {explain(row)}",
        hint="" if pending else f"`edgegen logs {row.service} --tail 50` shows its output",
    )
