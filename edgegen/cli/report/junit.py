"""JUnit XML for CI systems: a suite for each endpoint, a case for each finding.

`could not tell` is an `<error>`: `<skipped>` reads as good in many systems. What was not seen because of another
finding is one error for an endpoint, so that its cause is not hidden by a dozen consequences. A remark is a pass
with text (`<system-out>`). The name of the machine is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from edgegen.cli.console import printable
from edgegen.cli.report.junit_document import case, document, problem, remark, suite, told
from edgegen.cli.report.model import Report, Row
from edgegen.core.finding import NOT_SEEN, Finding
from edgegen.core.grade import Grade, grade

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RUN = "edgegen verify"


def junit(report: Report) -> str:
    """The run as one XML document."""
    suites = [_suite(row, report.started) for row in report.rows]
    if report.general or report.incomplete or not report.rows:
        suites.append(_general(report))
    return document(_RUN, suites, report.seconds)


def _suite(row: Row, started: datetime) -> Element:
    from xml.etree.ElementTree import Element, SubElement

    properties = Element("properties")
    for name, value in (("url", row.endpoint.url), ("kind", row.endpoint.kind.value), ("service", row.endpoint.name)):
        SubElement(properties, "property", name=name, value=printable(value))
    cases = list(_cases(row.endpoint.shown, row.findings))
    if row.incomplete:
        cases.append(case(row.endpoint.shown, "checked completely", _stopped()))
    elif not cases:
        cases.append(case(row.endpoint.shown, "looked at", _nothing()))
    return suite(row.endpoint.shown, [properties, *cases], _without_zone(started), row.seconds)


def _general(report: Report) -> Element:
    cases = list(_cases(_RUN, report.general))
    if report.incomplete:
        cases.append(case(_RUN, "ran to its end", _stopped()))
    elif not report.rows:
        cases.append(case(_RUN, "looked at", _nothing()))
    return suite(_RUN, cases, _without_zone(report.started))


def _without_zone(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()


def _cases(subject: str, findings: Sequence[Finding]) -> Iterator[Element]:
    """One for each finding, with names that are unique and the same from run to run."""
    names: set[str] = set()
    for finding in findings:
        if finding.verdict != NOT_SEEN:
            yield case(subject, _name(finding, names), _outcome(finding))
    if unseen := [finding for finding in findings if finding.verdict == NOT_SEEN]:
        yield case(subject, "not seen", _unseen(unseen))


def _name(finding: Finding, taken: set[str]) -> str:
    """A check's first finding has the check's name, pass or fail: so its history can be followed."""
    name = f"{finding.id} {finding.name}"
    if name in taken:
        name = f"{name}: {finding.verdict}"
    number, first = 2, name
    while name in taken:
        name, number = f"{first} {number}", number + 1
    taken.add(name)
    return name


def _outcome(finding: Finding) -> Element | None:
    kind = grade(finding)
    if kind is Grade.GOOD:
        return None
    if kind is Grade.REMARK:
        return remark(told(finding, finding.severity))
    return problem(
        "failure" if kind is Grade.BAD else "error", finding.verdict, finding.message, told(finding, finding.severity)
    )


def _unseen(findings: Sequence[Finding]) -> Element:
    checks = ", ".join(f"{item.id} {item.name}" for item in findings)
    text = "\n".join(f"{item.id} {item.name}: {item.message}" for item in findings)
    return problem("error", NOT_SEEN, f"could not be checked: {checks}", text)


def _stopped() -> Element:
    message = "the run was stopped before everything was checked"
    return problem("error", "incomplete", message, message)


def _nothing() -> Element:
    message = "nothing was checked"
    return problem("error", NOT_SEEN, message, message)
