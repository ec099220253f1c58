"""A run of `verify` on the terminal: each fault once with its hosts, the worst first; then what is good. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from edgegen.cli.console import printable
from edgegen.cli.report.group_text import COLOURS, INDENT, block, flowing, headed, listed
from edgegen.cli.report.groups import Group, groups, name_of
from edgegen.cli.report.model import GRADE_WORDS, Report, Row
from edgegen.cli.report.seen import State
from edgegen.cli.screen import BOLD, DIM, PLAIN, Look, Screen
from edgegen.core.columns import width
from edgegen.core.finding import NOT_SEEN, Finding
from edgegen.core.grade import Grade, grade
from edgegen.core.plural import plural

_GRADE, _KIND, _SUBJECT = 7, 9, 32
_HANGING, _LEAST = " " * 10, 24
_ROWS = 20
"""Endpoints that have a line each on a terminal, if all are good."""


def text(report: Report, look: Look) -> str:
    """The whole report. Only its colours control the terminal."""
    faults = [block(group, look.screen, every=look.every) for group in faults_of(report)]
    if look.verbose:
        faults += [block(group, look.screen) for group in groups(filter(_is_good, report.general))]
    parts = [*faults, *_stopped(report, look), *_endpoints(report, look), _summary(report, look)]
    return "\n\n".join(parts)


def faults_of(report: Report) -> list[Group]:
    """What is not good, without what was skipped because of it."""
    rows = (item for row in report.rows for item in causes(row))
    return groups([*rows, *(item for item in report.general if not _is_good(item))])


def causes(row: Row) -> list[Finding]:
    """What is not good about an endpoint. What was skipped counts only where nothing says why."""
    found = [item for item in row.findings if not _is_good(item)]
    skipped = bool([item for item in found if item.verdict != NOT_SEEN and not item.is_remark])
    return [item for item in found if item.verdict != NOT_SEEN or not skipped]


def _is_good(finding: Finding) -> bool:
    return grade(finding) is Grade.GOOD


def _stopped(report: Report, look: Look) -> Iterator[str]:
    """Endpoints that the run did not get to."""
    rows = [row for row in report.rows if row.incomplete]
    if rows:
        head = headed(Grade.UNKNOWN, "not fully checked", look.screen)
        places = [(printable(row.endpoint.shown), printable(str(row.endpoint.place() or ""))) for row in rows]
        yield "\n".join([*head, *listed(places, look.screen)])


def _endpoints(report: Report, look: Look) -> Iterator[str]:
    """What answers at the good ones; at all, where every endpoint has a line."""
    rows = [row for row in report.rows if look.every or row.grade is Grade.GOOD]
    if look.every or len(rows) == len(report.rows):
        yield from _in_full(rows, look)
    elif rows:
        names = [printable(row.endpoint.shown) for row in rows]
        label = Grade.GOOD.value
        first, *rest = flowing(names, look.screen, INDENT, lead=f"{label} ")
        yield "\n".join([look.screen.colour(label, COLOURS[Grade.GOOD]) + first[len(label) :], *rest])


def _in_full(rows: Sequence[Row], look: Look) -> Iterator[str]:
    most = len(rows) if look.every else _ROWS
    widest = max((size for row in rows if (size := len(row.endpoint.shown)) <= _SUBJECT), default=0)
    lines = [line for row in rows[:most] for line in _row(row, widest, look)]
    if len(rows) > most:
        lines.append(f"{INDENT}… and {len(rows) - most:,} more (-v lists them)")
    if lines:
        yield "\n".join(lines)


def _row(row: Row, widest: int, look: Look) -> Iterator[str]:
    """Its grade, kind and name, and what was seen there; with -v also what is good, and what was skipped."""
    screen, subject = look.screen, printable(row.endpoint.shown)
    grade_, kind = row.grade.value, f"{row.endpoint.kind.value:<{_KIND}}"
    after_grade, after_name = " " * (_GRADE + 2 - len(grade_)), " " * (max(0, widest - width(subject)) + 2)
    plain = f"{grade_}{after_grade}{kind}  {subject}{after_name}"
    name = screen.colour(subject, BOLD)
    painted = f"{screen.colour(grade_, COLOURS[row.grade])}{after_grade}{kind}  {name}{after_name}"
    seen = "; ".join(_seen(row))
    if screen.prose and width(plain) + min(width(seen), _LEAST) > screen.prose:
        yield painted.rstrip()
        yield from screen.sentence(seen, lead=_HANGING, hanging=_HANGING)
    else:
        first, *rest = screen.sentence(seen, lead=plain, hanging=_HANGING)
        yield (painted + first[len(plain) :]).rstrip()
        yield from rest
    if look.verbose:
        told = set(map(id, causes(row)))
        yield from (line for item in row.findings if id(item) not in told for line in _detail(item, screen))


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


def _detail(finding: Finding, screen: Screen) -> Iterator[str]:
    """A check that is not among the faults, under its endpoint."""
    label, where = grade(finding).value, f" [{finding.where}]" if finding.where else ""
    said = printable(f"{finding.id} {name_of(finding)}: {finding.message}{where}")
    lead = f"  {label:<{_GRADE}} "
    first, *rest = screen.sentence(said, lead=lead, hanging=_HANGING)
    yield f"  {screen.colour(label, COLOURS[grade(finding)])}{first[2 + len(label) :]}"
    yield from rest


def _summary(report: Report, look: Look) -> str:
    """How many checks were skipped, and then how many endpoints there are of each grade."""
    hidden = sum(len(row.unseen) - sum(item.verdict == NOT_SEEN for item in causes(row)) for row in report.rows)
    lines = []
    if hidden and not look.verbose:
        skipped = f"{hidden:,} {plural(hidden, 'check')} skipped because of these faults (-v lists them)"
        lines.append(look.screen.colour(skipped, DIM))
    return "\n".join([*lines, *_counts(report, look.screen)])


def _counts(report: Report, screen: Screen) -> list[str]:
    """In colour where it is one line."""
    numbers = {Grade(word): number for word, number in report.counts["endpoints"].items() if number}
    lines = screen.sentence(_counted(report, numbers, PLAIN))
    return lines if len(lines) > 1 else [_counted(report, numbers, screen)]


def _counted(report: Report, numbers: Mapping[Grade, int], screen: Screen) -> str:
    said = ", ".join(screen.colour(f"{number} {GRADE_WORDS[item]}", COLOURS[item]) for item, number in numbers.items())
    total = len(report.rows)
    stopped = ": stopped before everything was checked" if report.incomplete else ""
    return f"{total} {plural(total, 'endpoint')}: {said} ({report.seconds:.1f} s){stopped}"
