"""A run of `verify` on the terminal: a line for each endpoint, and its findings under it. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from edgegen.cli.console import printable
from edgegen.cli.report.model import GRADE_WORDS, Report, Row
from edgegen.cli.report.seen import State
from edgegen.core.finding import Finding, Outcome
from edgegen.core.grade import Grade, grade
from edgegen.verify.checks.check import NOT_SEEN

Colour = Callable[[str, str], str]
"""(text, code) -> the text in that colour, or as it was."""

COLOURS = {Grade.GOOD: "32", Grade.REMARK: "36", Grade.UNKNOWN: "33", Grade.BAD: "31;1"}
WIDEST = 100
"""Columns; a wider terminal does not make longer lines easier to read."""
_GRADE, _KIND, _SUBJECT = 7, 9, 32
_INDENT, _HANGING = "  ", " " * 10
_FEW = 6
"""The number of skipped checks that are named; more would hide what they depend on."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the report is shown. `width` None: lines are not wrapped, for programs."""

    verbose: bool = False
    width: int | None = None
    colour: Colour = lambda text, _code: text


def text(report: Report, look: Look) -> str:
    """The whole report. Only its colours control the terminal."""
    lengths = [len(row.endpoint.shown) for row in report.rows]
    widest = max((length for length in lengths if length <= _SUBJECT), default=0)
    lines = [line for row in report.rows for line in _row(row, widest, look)]
    lines += [line for finding in report.general for line in _finding(finding, look)]
    return "\n".join([*lines, *_wrapped(_counts(report), "", look)])


def _row(row: Row, widest: int, look: Look) -> Iterator[str]:
    kind, subject = row.endpoint.kind.value, printable(row.endpoint.shown)
    head = f"{row.grade.value:<{_GRADE}}  {kind:<{_KIND}}  {subject:<{widest}}"
    lines = _wrapped(f"{head}  {'; '.join(_seen(row))}".rstrip(), _HANGING, look)
    yield look.colour(lines[0][:_GRADE], COLOURS[row.grade]) + lines[0][_GRADE:]
    yield from lines[1:]
    for finding in _shown(row.findings, look):
        yield from _finding(finding, look)
    if row.unseen and not look.verbose:
        yield from _wrapped(f"{_INDENT}skipped: {_named(row.unseen)}", _HANGING, look)


def _named(unseen: Sequence[Finding]) -> str:
    names = list(dict.fromkeys(finding.name for finding in unseen))
    return printable(", ".join(names)) if len(names) <= _FEW else f"{len(names)} checks (-v lists them)"


def _seen(row: Row) -> Iterator[str]:
    """What answered: which certificate, and how many of the addresses."""
    if row.incomplete:
        yield "not fully checked"
    if row.certificate is not None:
        yield f"{printable(row.certificate.issuer)} until {row.certificate.not_after:%Y-%m-%d}"
    total, answering = len(row.addresses), sum(item.state is State.ANSWERS for item in row.addresses)
    if total > 1:
        yield f"{total} addresses" if answering == total else f"{answering} of {total} addresses answer"
    elif total:
        yield row.addresses[0].address
    if row.detour:
        yield f"via a detour to {printable(row.detour)}"


def _shown(findings: Sequence[Finding], look: Look) -> Iterator[Finding]:
    """Worst first. What is good, or was skipped because of another finding, needs `-v`."""
    for wanted in sorted(Grade, key=lambda item: -item.rank):
        for finding in findings:
            hidden = wanted is Grade.GOOD or finding.verdict == NOT_SEEN
            if grade(finding) is wanted and (look.verbose or not hidden):
                yield finding


def _finding(finding: Finding, look: Look) -> Iterator[str]:
    """Its verdict, message and place; then, on a separate line, how to fix it."""
    found = grade(finding)
    where = f" [{finding.where}]" if finding.where else ""
    said = printable(f"{finding.id} {_name(finding)}: {finding.message}{where}")
    lines = _wrapped(f"{_INDENT}{found.value:<{_GRADE}} {said}", _HANGING, look)
    start = len(_INDENT)
    yield _INDENT + look.colour(lines[0][start : start + _GRADE], COLOURS[found]) + lines[0][start + _GRADE :]
    yield from lines[1:]
    if finding.hint:
        yield from _wrapped(f"{_HANGING}{printable(finding.hint)}", _HANGING, look)


def _name(finding: Finding) -> str:
    """The verdict, where it says more than the check's name."""
    return finding.name if finding.outcome is Outcome.PASS or finding.verdict in ("", NOT_SEEN) else finding.verdict


def _counts(report: Report) -> str:
    numbers = report.counts["endpoints"]
    said = ", ".join(f"{number} {GRADE_WORDS[Grade(word)]}" for word, number in numbers.items() if number)
    total = len(report.rows)
    stopped = ": stopped before everything was checked" if report.incomplete else ""
    return f"{total} endpoint{'' if total == 1 else 's'}: {said} ({report.seconds:.1f} s){stopped}"


def _wrapped(line: str, hanging: str, look: Look) -> list[str]:
    """The line in pieces that fit, the later ones indented; its own line ends become spaces."""
    line = line.replace("\n", " ").replace("\t", " ")
    if look.width is None:
        return [line]
    width = max(40, min(look.width, WIDEST))
    lead = line[: len(line) - len(line.lstrip())]
    pieces = textwrap.wrap(line.strip(), width, initial_indent=lead, subsequent_indent=hanging, break_on_hyphens=False)
    return pieces or [""]
