"""The state of a started project: one row for each container, and a verdict for each row. Pure."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import Problem
from edgegen.core.finding import Finding, Outcome, Severity

ONE_OFF = "com.docker.compose.oneoff"

STEADY = 5
"""Seconds after which `up` takes a container without a health check for one that stays."""

UNTRIED = 60
"""Seconds for which a container that was restarted counts as unproven; the engine waits no longer between restarts."""

MOST_RESTARTS = 3
"""A container that has ended this often, and again a moment ago, will go on like that."""

UNHEARD = "not heard from"
"""The state of a container whose node does not answer the managers."""


class Verdict(StrEnum):
    """`DONE`: ended with 0, as a service without a restart policy may. `PENDING`: not known to be healthy yet."""

    HEALTHY = "healthy"
    DONE = "done"
    PENDING = "pending"
    ILL = "ill"
    MISSING = "missing"


class Row(Struct, frozen=True):
    """One container, or a service that has none (`container` is "")."""

    service: str
    container: str = ""
    state: str = "absent"
    health: str = ""
    exit_code: int = 0
    ports: tuple[str, ...] = ()
    image: str = ""
    verdict: Verdict = Verdict.MISSING
    seconds: int | None = None
    """For how long it has been running, if that is less than a minute."""
    restarts: int = 0
    """How often the engine has restarted it because it ended by itself."""
    short_of: str = ""
    """`1 of 3 containers`, if a service has only some of its replicas."""
    node: str = ""
    """The node of a swarm that has it."""
    error: str = ""
    """The swarm's words about why it has no node, or did not start."""

    @property
    def ok(self) -> bool:
        return self.verdict in (Verdict.HEALTHY, Verdict.DONE)

    @property
    def state_text(self) -> str:
        """`exited (1)`, `running`, `running (2 restarts)`, `absent`."""
        if self.state in ("exited", "dead"):
            return f"{self.state} ({self.exit_code})"
        return f"{self.state} ({_times(self.restarts)})" if self.restarts else self.state

    @property
    def may_end_again(self) -> bool:
        """Whether only the engine's restarts tell if it works: it has no health check, and has started just now."""
        return self.state == "restarting" or (self.state == "running" and not self.health and self.seconds is not None)

    def restarted(self, restarts: int, steady: int) -> Row:
        """The same row with its restarts. One that has run for less than `steady` seconds since is not well."""
        if not restarts or (self.state == "running" and (self.seconds is None or self.seconds >= steady)):
            return self
        verdict = Verdict.ILL if restarts >= MOST_RESTARTS else Verdict.PENDING
        return replace(self, restarts=restarts, verdict=verdict)

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
            **({"restarts": self.restarts} if self.restarts else {}),
            **({"node": self.node, "error": self.error} if self.node or self.error else {}),
        }


class Replicas(Struct, frozen=True):
    """A service of a swarm, over all of its tasks."""

    service: str
    running: int = 0
    wanted: int = 1
    update: str = ""
    """The state of its last update: `completed`, `updating`, `rollback_completed` … or ""."""
    message: str = ""
    failed: bool = False
    """Whether the swarm has given up its last update, so that an older specification runs."""

    def as_json(self) -> dict[str, object]:
        """The object of `status --json`'s `replicas` list."""
        return {key: getattr(self, key) for key in ("service", "running", "wanted", "update", "message")}


class Standing(Struct, frozen=True):
    """All rows of a project, sorted by service and container."""

    project: str
    rows: tuple[Row, ...]
    replicas: tuple[Replicas, ...] = ()
    """The services of a swarm; Compose has none."""
    doubts: tuple[Problem, ...] = ()
    """Why these may not be the containers of the folder, or where those are."""

    @property
    def ok(self) -> bool:
        return all(row.ok for row in self.rows) and not any(item.failed for item in self.replicas) and not self.doubts

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
        return (
            *(_finding(row) for row in self.rows if not row.ok),
            *(_not_updated(item) for item in self.replicas if item.failed),
            *(_doubt(problem, self.project) for problem in self.doubts),
        )


def explain(row: Row) -> str:
    """What is wrong with a row: the end of a sentence that begins with the service's name."""
    why = f": {row.error}" if row.error else ""
    if row.verdict is Verdict.MISSING:
        return (f"has {row.short_of}" if row.short_of else "has no container") + why
    if row.restarts:
        return f"ended and was restarted {_times(row.restarts, 'time')}, last less than a minute ago{why}"
    if row.verdict is Verdict.PENDING:
        return f"is {row.state if row.state == UNHEARD else 'still starting'}{why}"
    if why:
        return f"does not run ({row.state}){why}"
    if row.state == "running":
        return f"is running and {row.health}"
    return f"is {row.state_text}"


def _times(number: int, word: str = "restart") -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _finding(row: Row) -> Finding:
    pending = row.verdict is Verdict.PENDING
    return Finding(
        id="ED002" if row.verdict is Verdict.MISSING else "ED001",
        name="service-missing" if row.verdict is Verdict.MISSING else "service-unhealthy",
        severity=Severity.HIGH,
        outcome=Outcome.UNKNOWN if pending else Outcome.FAIL,
        subject=row.service,
        message=f"service `{row.service}` {explain(row)}",
        hint="" if pending and not row.restarts else f"`edgegen logs {row.service} --tail 50` shows its output",
    )


def _doubt(problem: Problem, project: str) -> Finding:
    return Finding(
        id="ED004",
        name="runs-elsewhere",
        severity=Severity.HIGH,
        outcome=Outcome.FAIL,
        subject=project,
        message=problem.message,
        hint=problem.hint,
    )


_GIVEN_UP = {
    "rollback_completed": "runs as before its last update, which failed and was rolled back",
    "paused": "is only partly updated: its last update failed, and the swarm has stopped in between",
    "rollback_paused": "is only partly updated: its last update failed, and so did the rollback",
}
"""The states of an update that the swarm has given up -> what runs."""


def _not_updated(item: Replicas) -> Finding:
    why = f": {item.message}" if item.message and item.update != "rollback_completed" else ""
    return Finding(
        id="ED003",
        name="update-failed",
        severity=Severity.HIGH,
        outcome=Outcome.FAIL,
        subject=item.service,
        message=f"service `{item.service}` {_GIVEN_UP[item.update]}{why}",
        hint=f"`edgegen logs {item.service} --tail 50` shows its output; `edgegen up` tries the update again",
    )
