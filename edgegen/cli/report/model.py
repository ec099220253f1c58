"""Everything that a run of `verify` reports: every format is made from this. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from edgegen.certificates.certificate import stamp
from edgegen.cli.report.push import Push
from edgegen.cli.report.seen import Address, Certificate, address, certificates
from edgegen.core.finding import NOT_SEEN, Finding, Severity
from edgegen.core.grade import Grade, grade, worst
from edgegen.endpoints import Endpoint
from edgegen.verify.observation import Observation

if TYPE_CHECKING:
    from edgegen.graph.model import Graph

GRADE_WORDS = {
    Grade.GOOD: "good",
    Grade.REMARK: "good with remarks",
    Grade.UNKNOWN: "could not be checked",
    Grade.BAD: "bad",
}
"""A grade behind a number of endpoints."""


class Row(Struct, frozen=True, dict=True):
    """One endpoint with what was seen and what was found."""

    endpoint: Endpoint
    findings: tuple[Finding, ...] = ()
    addresses: tuple[Address, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    cname: tuple[str, ...] = ()
    detour: str = ""
    """Where `--connect-to` leads."""
    push: Push | None = None
    seconds: float = 0.0
    incomplete: bool = False
    """The run was stopped before everything was checked."""

    @cached_property
    def grade(self) -> Grade:
        """The worst of its findings; what was not fully checked is unknown at best."""
        found = worst(map(grade, self.findings))
        return Grade.UNKNOWN if self.incomplete and found.rank < Grade.UNKNOWN.rank else found

    @property
    def certificate(self) -> Certificate | None:
        """The certificate of its first address that sent one."""
        return self.certificates[0] if self.certificates else None

    @property
    def unseen(self) -> tuple[Finding, ...]:
        """What was not seen because of another finding."""
        return tuple(finding for finding in self.findings if finding.verdict == NOT_SEEN)

    def of(self, wanted: Grade) -> tuple[Finding, ...]:
        """Its findings of one grade."""
        return tuple(finding for finding in self.findings if grade(finding) is wanted)

    def as_json(self) -> dict[str, Any]:
        """Its object in the JSON report. The findings are in the report's own list, by `subject`."""
        where = self.endpoint.place()
        return {
            "name": self.endpoint.name,
            "subject": self.endpoint.shown,
            "url": self.endpoint.url,
            "kind": self.endpoint.kind.value,
            "where": str(where) if where else None,
            "outcome": self.grade.value,
            "findings": counted(map(grade, self.findings)),
            "cname": list(self.cname),
            "detour": self.detour,
            "addresses": [item.as_json() for item in self.addresses],
            "certificates": [item.as_json() for item in self.certificates],
            "push": self.push.as_json() if self.push else None,
            "seconds": round(self.seconds, 3),
            "incomplete": self.incomplete,
        }


class Report(Struct, frozen=True, dict=True):
    """One run. `rows` are in the order of the spec; `general` are findings that don't belong to an endpoint."""

    rows: tuple[Row, ...]
    general: tuple[Finding, ...]
    started: datetime
    seconds: float
    incomplete: bool
    version: str
    project: str = ""
    """The name of the project, where the run was about one; and its environment."""
    environment: str = ""
    topology: Graph | None = None

    @classmethod
    def of(
        cls, endpoints: Sequence[Endpoint], observations: Iterable[Observation], findings: Iterable[Finding], *,
        started: datetime, seconds: float, incomplete: bool = False, version: str,
    ) -> Report:  # fmt: skip
        """The report of a run. The row of an endpoint without an observation says that it was skipped.

        `started` is aware; `seconds` is how long the run took.
        """
        seen = {item.endpoint: item for item in observations}
        found = _by_endpoint(endpoints, findings)
        rows = (_row(item, seen.get(item), found[item], started) for item in endpoints)
        return cls(tuple(rows), tuple(found[None]), started, seconds, incomplete, version)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All of them: the endpoints' in order, then the general ones."""
        return (*(finding for row in self.rows for finding in row.findings), *self.general)

    @cached_property
    def grade(self) -> Grade:
        """The grade of the whole run: unknown if nothing was checked or the run was stopped."""
        found = worst([worst(row.grade for row in self.rows), *map(grade, self.general)])
        return Grade.UNKNOWN if self.incomplete and found.rank < Grade.UNKNOWN.rank else found

    @property
    def about(self) -> str:
        """`shop`, `shop (dev)`; "" for a run without a project."""
        return f"{self.project} ({self.environment})" if self.environment else self.project

    @property
    def ok(self) -> bool:
        """Whether everything was checked and is good, possibly with remarks."""
        return self.grade.rank <= Grade.REMARK.rank

    @property
    def exit_code(self) -> int:
        """0 for good, 1 for bad, 4 for what could not be checked."""
        return self.grade.exit_code

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many endpoints and findings there are of each grade."""
        return {"endpoints": counted(row.grade for row in self.rows), "findings": counted(map(grade, self.findings))}

    def as_json(self) -> dict[str, Any]:
        """What the JSON object of `verify` has besides `command`, `ok` and `findings`."""
        return {
            "edgegen_version": self.version,
            "started": stamp(self.started),
            "seconds": round(self.seconds, 3),
            "incomplete": self.incomplete,
            "outcome": self.grade.value,
            "counts": self.counts,
            "endpoints": [row.as_json() for row in self.rows],
        }


def not_good(findings: Iterable[Finding]) -> list[Finding]:
    """What is not good, the worst first; without what was not seen because of it."""
    found = (item for item in findings if grade(item) is not Grade.GOOD and item.verdict != NOT_SEEN)
    return sorted(found, key=lambda item: (-grade(item).rank, list(Severity).index(item.severity)))


def counted(grades: Iterable[Grade]) -> dict[str, int]:
    """How many there are of each grade; the worst first."""
    numbers = Counter(grades)
    return {item.value: numbers[item] for item in reversed(Grade)}


def _row(endpoint: Endpoint, seen: Observation | None, findings: Sequence[Finding], now: datetime) -> Row:
    row = Row(endpoint, tuple(findings), incomplete=seen is None or seen.incomplete)
    if seen is None:
        return row
    return replace(
        row,
        addresses=tuple(map(address, seen.addresses)),
        certificates=certificates(seen.addresses, now),
        cname=seen.names.cname,
        detour=seen.names.detour,
        push=Push.of(seen.push) if seen.push else None,
        seconds=seen.seconds,
    )


def _by_endpoint(endpoints: Sequence[Endpoint], findings: Iterable[Finding]) -> Mapping[Endpoint | None, list[Finding]]:
    """The findings of each endpoint; under None those that don't belong to one."""
    owners: dict[str, list[Endpoint]] = {}
    for endpoint in endpoints:
        owners.setdefault(endpoint.shown, []).append(endpoint)
    found: dict[Endpoint | None, list[Finding]] = {None: [], **{endpoint: [] for endpoint in endpoints}}
    for finding in findings:
        found[_owner(finding, owners.get(finding.subject, []))].append(finding)
    return found


def _owner(finding: Finding, candidates: Sequence[Endpoint]) -> Endpoint | None:
    """Several services may share a host and differ in their path: then the line of the spec decides."""
    here = [item for item in candidates if len(candidates) > 1 and finding.where in item.places.values()]
    return next(iter((*here, *candidates)), None)
