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
from edgegen.cli.report.model import Report, Row
from edgegen.core.finding import NOT_SEEN, Finding
from edgegen.core.grade import Grade, grade

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RUN = "edgegen verify"


def junit(report: Report) -> str:
    """The run as one XML document."""
    from xml.etree.ElementTree import Element, indent, tostring

    root = Element("testsuites", name=_RUN)
    root.extend(_suite(row, report.started) for row in report.rows)
    if report.general or report.incomplete or not report.rows:
        root.append(_general(report))
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", _seconds(report.seconds))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(row: Row, started: datetime) -> Element:
    from xml.etree.ElementTree import Element, SubElement

    properties = Element("properties")
    for name, value in (("url", row.endpoint.url), ("kind", row.endpoint.kind.value), ("service", row.endpoint.name)):
        SubElement(properties, "property", name=name, value=printable(value))
    cases = list(_cases(row.endpoint.shown, row.findings))
    if row.incomplete:
        cases.append(_case(row.endpoint.shown, "checked completely", _stopped()))
    elif not cases:
        cases.append(_case(row.endpoint.shown, "looked at", _nothing()))
    return _filled(row.endpoint.shown, [properties, *cases], row.seconds, started)


def _general(report: Report) -> Element:
    cases = list(_cases(_RUN, report.general))
    if report.incomplete:
        cases.append(_case(_RUN, "ran to its end", _stopped()))
    elif not report.rows:
        cases.append(_case(_RUN, "looked at", _nothing()))
    return _filled(_RUN, cases, 0.0, report.started)


def _filled(name: str, parts: Sequence[Element], seconds: float, started: datetime) -> Element:
    from xml.etree.ElementTree import Element

    cases = [part for part in parts if part.tag == "testcase"]
    suite = Element(
        "testsuite",
        name=printable(name),
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped="0",
        time=_seconds(seconds),
        # The schemas in use don't allow a time zone here.
        timestamp=started.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat(),
    )
    suite.extend(parts)
    return suite


def _cases(subject: str, findings: Sequence[Finding]) -> Iterator[Element]:
    """One for each finding, with names that are unique and the same from run to run."""
    names: set[str] = set()
    for finding in findings:
        if finding.verdict != NOT_SEEN:
            yield _case(subject, _name(finding, names), _outcome(finding))
    if unseen := [finding for finding in findings if finding.verdict == NOT_SEEN]:
        yield _case(subject, "not seen", _unseen(unseen))


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


def _case(subject: str, name: str, outcome: Element | None) -> Element:
    from xml.etree.ElementTree import Element

    case = Element("testcase", classname=printable(subject), name=printable(name), time="0.000")
    if outcome is not None:
        case.append(outcome)
    return case


def _outcome(finding: Finding) -> Element | None:
    from xml.etree.ElementTree import Element

    kind = grade(finding)
    if kind is Grade.GOOD:
        return None
    if kind is Grade.REMARK:
        remark = Element("system-out")
        remark.text = printable(_text(finding))
        return remark
    return _problem("failure" if kind is Grade.BAD else "error", finding.verdict, finding.message, _text(finding))


def _unseen(findings: Sequence[Finding]) -> Element:
    checks = ", ".join(f"{item.id} {item.name}" for item in findings)
    text = "\n".join(f"{item.id} {item.name}: {item.message}" for item in findings)
    return _problem("error", NOT_SEEN, f"could not be checked: {checks}", text)


def _stopped() -> Element:
    message = "the run was stopped before everything was checked"
    return _problem("error", "incomplete", message, message)


def _nothing() -> Element:
    message = "nothing was checked"
    return _problem("error", NOT_SEEN, message, message)


def _problem(tag: str, kind: str, message: str, text: str) -> Element:
    from xml.etree.ElementTree import Element

    problem = Element(tag, type=printable(kind), message=printable(message))
    problem.text = printable(text)
    return problem


def _text(finding: Finding) -> str:
    lines = (
        f"{finding.severity}: {finding.message}",
        f"where: {finding.where}" if finding.where else "",
        f"how to fix: {finding.hint}" if finding.hint else "",
    )
    return "\n".join(line for line in lines if line)


def _seconds(value: float) -> str:
    return f"{value:.3f}"
