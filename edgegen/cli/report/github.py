"""Annotations for GitHub Actions: the lines that its runner reads from a step's output.

It shows ten errors and ten warnings of a step: the worst come first, and what was not seen because of another
finding is one line for an endpoint. Source: "Workflow commands for GitHub Actions", and `toolkit`, `command.ts`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.cli.console import printable
from edgegen.cli.report.model import GRADE_WORDS, Report, Row, not_good
from edgegen.core.finding import Finding
from edgegen.core.grade import Grade, grade
from edgegen.core.location import Location
from edgegen.core.plural import plural


def github(report: Report) -> str:
    """One line for each problem, then a summary; no newline at the end."""
    lines = [*map(_line, not_good(report.findings)), *_unseen(report), *_stopped(report), summary(report)]
    return "\n".join(lines)


def summary(report: Report) -> str:
    """The number of endpoints by grade: `edgegen verify: 1 bad, 2 good of 3 endpoints`."""
    numbers = report.counts["endpoints"]
    said = ", ".join(f"{numbers[item]} {GRADE_WORDS[item]}" for item in reversed(Grade) if numbers[item])
    end = "; stopped before the end" if report.incomplete else ""
    endpoints = plural(len(report.rows), "endpoint")
    return (
        f"edgegen verify: {said} of {len(report.rows)} {endpoints}{end}"
        if said
        else "edgegen verify: nothing was checked"
    )


def _line(finding: Finding) -> str:
    return annotation("error" if grade(finding) is Grade.BAD else "warning", finding, f"{finding.subject}: ")


def _unseen(report: Report) -> Iterator[str]:
    for row in report.rows:
        if row.unseen:
            checks = ", ".join(f"{item.id} {item.name}" for item in row.unseen)
            yield _warning(row, "not seen", f"could not be checked: {checks}")


def _stopped(report: Report) -> Iterator[str]:
    for row in report.rows:
        if row.incomplete:
            yield _warning(row, "stopped", "the run was stopped before all of it was checked")


def _warning(row: Row, title: str, message: str) -> str:
    return command("warning", row.endpoint.place(), title, f"{row.endpoint.shown}: {message}")


def annotation(level: str, finding: Finding, about: str = "") -> str:
    """A finding with its hint, at its line."""
    hint = f"\n{finding.hint[:1].upper()}{finding.hint[1:]}" if finding.hint else ""
    return command(level, finding.where, f"{finding.id} {finding.name}", f"{about}{finding.message}{hint}")


def command(level: str, where: Location | None, title: str, message: str) -> str:
    """`::error file=…,line=…,col=…,title=…::message`, with everything escaped."""
    properties = {"title": title}
    if where:
        place = {"line": str(where.line), "col": str(where.column)} if where.line else {}
        properties = {"file": where.file, **place, **properties}
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {told}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
