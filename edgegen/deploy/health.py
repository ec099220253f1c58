"""The state of a started project: one row for each container, and a verdict for each row. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.deploy.answers import Reader
from edgegen.deploy.model import Project, ServiceModel

PS = Reader("docker compose ps")
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


def read_standing(project: Project, output: str) -> Standing:
    """From what `docker compose ps --all --format json` prints: one object a line, or one array (before 2.21).

    Raises OutsideError for what can't be read.
    """
    services = {service.name: service for service in project.services}
    bodies = PS.rows(output, "the containers")
    present = [_row(body, services) for body in bodies if not _is_one_off(body)]
    seen = Counter(row.service for row in present)
    absent = [_absent(body, seen[name]) for name, body in services.items() if seen[name] < body.replicas]
    return Standing(project.name, tuple(sorted([*present, *absent], key=lambda row: (row.service, row.container))))


def _absent(service: ServiceModel, there: int) -> Row:
    """One row for all containers that a service lacks."""
    short_of = f"{there} of {service.replicas} containers" if there else ""
    return Row(service.name, image=service.image, short_of=short_of)


def _is_one_off(body: dict[str, Any]) -> bool:
    """A container of `docker compose run` is not one of the service's replicas."""
    return f"{ONE_OFF}=true" in _text(body, "Labels").lower()


def explain(row: Row) -> str:
    """What is wrong with a row: the end of a sentence that begins with the service's name."""
    if row.verdict is Verdict.MISSING:
        return f"has {row.short_of}" if row.short_of else "has no container"
    if row.verdict is Verdict.PENDING:
        return "is still starting"
    if row.state == "running":
        return f"is running and {row.health}"
    return f"is {row.state_text}"


def _row(body: dict[str, Any], services: dict[str, ServiceModel]) -> Row:
    row = Row(
        service=_text(body, "Service"),
        container=_text(body, "Name"),
        state=_text(body, "State"),
        health=_text(body, "Health"),
        exit_code=PS.number(body.get("ExitCode"), "ExitCode"),
        ports=tuple(dict.fromkeys(_ports(body))),
        image=_text(body, "Image"),
    )
    if not (row.service and row.container and row.state):
        PS.refuse("printed a container without `Service`, `Name` or `State`")
    return replace(row, verdict=_judge(row, services.get(row.service)))


def _ports(body: dict[str, Any]) -> Iterator[str]:
    for port in PS.mappings(body.get("Publishers"), "Publishers"):
        published = _text(port, "PublishedPort")
        if published not in ("", "0"):
            address = _text(port, "URL")
            shown = f"[{address}]" if ":" in address else address
            yield f"{shown}:{published}->{_text(port, 'TargetPort')}/{_text(port, 'Protocol')}"


def _text(body: dict[str, Any], key: str) -> str:
    return PS.text(body.get(key), key)


def _judge(row: Row, service: ServiceModel | None) -> Verdict:
    if row.state == "running":
        return {"": Verdict.HEALTHY, "healthy": Verdict.HEALTHY, "starting": Verdict.PENDING}.get(
            row.health, Verdict.ILL
        )
    if row.state == "exited" and row.exit_code == 0 and (service is None or service.finishes):
        return Verdict.DONE
    return Verdict.PENDING if row.state == "created" else Verdict.ILL


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
