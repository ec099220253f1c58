"""A run of `verify` as Markdown, for a comment on a pull request. Text from others has no formatting effects. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.cli.report import words
from edgegen.cli.report.markdown_text import code, prose
from edgegen.cli.report.model import Report, Row, not_good
from edgegen.core.finding import Finding
from edgegen.core.grade import Grade, grade

MOST = 60_000
"""Characters: GitHub refuses a comment of more than 65,536."""
_MARKS = {Grade.BAD: "❌ bad", Grade.UNKNOWN: "❔ not checked", Grade.REMARK: "⚠️ remark", Grade.GOOD: "✅ good"}
_HEAD = ("| | endpoint | kind | certificate |", "| --- | --- | --- | --- |")


def markdown(report: Report) -> str:
    """The whole comment: a table of what is not good, each finding with its fix, and the good ones folded."""
    top = list(_top(report))
    lines = [*top, *_first(_not_good(report), MOST - len("\n".join(top)) - 1000)]
    good = [row for row in report.rows if row.grade is Grade.GOOD]
    if good:
        rows = [*_HEAD, *map(_row, good)]
        table = "\n".join(_first(iter(rows), MOST - len("\n".join(lines)) - 200))
        lines += ["", f"<details><summary>{len(good)} good</summary>", "", table, "", "</details>"]
    return "\n".join(lines)


def _top(report: Report) -> Iterator[str]:
    yield f"## edgegen verify: {words.headline(report)}"
    yield ""
    about = [code(report.about)] if report.project else []
    took, version = f"took {words.took(report.seconds)}", f"edgegen {prose(report.version)}"
    yield " · ".join([*about, words.moment(report.started), took, version])
    if said := words.aside(report):
        yield f"\n{said}"


def _not_good(report: Report) -> Iterator[str]:
    rows = sorted((row for row in report.rows if row.grade is not Grade.GOOD), key=lambda row: -row.grade.rank)
    if rows:
        yield from ("", *_HEAD, *map(_row, rows))
    for row in rows:
        yield from ("", f"**{code(row.endpoint.shown) or 'no name'}**", "")
        yield from map(_finding, not_good(row.findings))
        if row.unseen:
            names = ", ".join(f"{code(item.id)} {prose(item.name)}" for item in row.unseen)
            yield f"- not seen because of this: {names}"
        if row.incomplete:
            yield "- the run was stopped before all of this was checked"
    if report.general:
        yield from ("", "**The run as a whole**", "", *map(_finding, report.general))


def _row(row: Row) -> str:
    certificate = row.certificate
    until = f"{prose(certificate.issuer)} until {certificate.not_after:%Y-%m-%d}" if certificate else ""
    return f"| {_MARKS[row.grade]} | {code(row.endpoint.shown)} | {row.endpoint.kind.value} | {until} |"


def _finding(finding: Finding) -> str:
    place = f" ({code(str(finding.where))})" if finding.where else ""
    hint = f"\n  **To fix it:** {prose(finding.hint)}" if finding.hint else ""
    return f"- {_MARKS[grade(finding)]} {code(finding.id)} {prose(finding.name)}: {prose(finding.message)}{place}{hint}"


def _first(lines: Iterator[str], room: int) -> Iterator[str]:
    """As many as there is room for; the last one says that there are more."""
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            yield "\n… and more: `edgegen verify --json` has everything"
            return
        yield line
