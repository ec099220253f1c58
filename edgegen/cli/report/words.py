"""How the page words numbers, times and the outcome of a run. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from edgegen.cli.report.model import Report
from edgegen.cli.report.seen import Certificate
from edgegen.core.grade import Grade
from edgegen.core.plural import plural

GRADES = {Grade.BAD: "Bad", Grade.UNKNOWN: "Not checked", Grade.REMARK: "Remark", Grade.GOOD: "Good"}
"""A grade in the words next to its colour."""
SIGNS = {Grade.BAD: "✕", Grade.UNKNOWN: "?", Grade.REMARK: "!", Grade.GOOD: "✓"}
"""A grade in a cell, so that it needs no colour."""


def headline(report: Report) -> str:
    """The whole run in one sentence: what is worst in it."""
    numbers, total = report.counts["endpoints"], len(report.rows)
    if report.grade is Grade.BAD and numbers[Grade.BAD]:
        return f"{_of(numbers[Grade.BAD], total)} {'is' if numbers[Grade.BAD] == 1 else 'are'} bad"
    if report.grade is Grade.BAD:
        return "Something is bad"
    if not total:
        return "Nothing was checked"
    if numbers[Grade.UNKNOWN]:
        return f"{_of(numbers[Grade.UNKNOWN], total)} could not be checked"
    if report.grade is Grade.UNKNOWN:
        return "The run was stopped early"
    return "The one endpoint is good" if total == 1 else f"All {total} endpoints are good"


def _of(some: int, total: int) -> str:
    return "The one endpoint" if total == 1 else f"{some} of {total} endpoints"


def aside(report: Report) -> str:
    """What else there is to say about the run, in one sentence; or ""."""
    numbers = report.counts["endpoints"]
    others = {
        Grade.UNKNOWN: "could not be checked" if report.grade is Grade.BAD else "",
        Grade.REMARK: "good, with remarks",
    }
    said = [f"{numbers[item]} {words}" for item, words in others.items() if words and numbers[item]]
    if report.incomplete and report.rows:
        said.append("the run was stopped early: what is missing counts as not checked")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if said else ""


def moment(when: datetime) -> str:
    """`24 November 2026, 13:20 UTC`."""
    when = when.astimezone(UTC)
    return f"{when.day} {when:%B} {when.year}, {when:%H:%M} UTC"


def day(when: datetime) -> str:
    """`24 Nov 2026`."""
    when = when.astimezone(UTC)
    return f"{when.day} {when:%b} {when.year}"


def took(seconds: float) -> str:
    """`4.2 s`, `3 min 20 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def life(certificate: Certificate, now: datetime) -> str:
    """`60 of 90 days left (67 %)`, `expired 3 days ago`."""
    if now >= certificate.not_after:
        return f"expired {_days(now - certificate.not_after)} ago"
    if now < certificate.not_before:
        return f"valid only in {_days(certificate.not_before - now)}"
    whole = certificate.not_after - certificate.not_before
    share = int(certificate.share_left * 100)
    return f"{_days(certificate.not_after - now, of=whole)} left ({share} %)"


def _days(some: timedelta, *, of: timedelta | None = None) -> str:
    if abs(some) < timedelta(days=2):
        hours = int(some.total_seconds() // 3600)
        return f"{hours} {plural(hours, 'hour')}"
    return f"{some.days} of {of.days} days" if of else f"{some.days} days"


def size(number: int) -> str:
    """`1.0 MiB`."""
    amount = float(number)
    for unit in ("B", "KiB", "MiB"):
        if amount < 1024:
            return f"{number} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GiB"
