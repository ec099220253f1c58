"""Certificates on one line of time: where each bar begins and ends, in hundredths of the width. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from edgegen.cli.report.model import Row
from edgegen.cli.report.seen import Certificate
from edgegen.core.grade import Grade, grade, worst

_BEFORE, _AFTER = timedelta(days=120), timedelta(days=400)
"""The most that is drawn around today: a ten-year certificate would squeeze all others into one point."""
_LEAST = timedelta(days=10)
_MOST_TICKS = 6
_THINNEST = 0.5
"""A shorter bar would not be visible."""


class Bar(Struct, frozen=True):
    """One certificate: `over` is behind us, from `begin` on; `left` is to come, from `left_from` on."""

    certificate: Certificate
    rows: tuple[Row, ...]
    grade: Grade
    begin: float
    over: float
    left_from: float
    left: float


class Tick(Struct, frozen=True):
    """The first day of a month."""

    at: float
    label: str


class Timeline(Struct, frozen=True):
    """All certificates; the first to expire comes first."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    now: float


class _Axis(Struct, frozen=True):
    first: datetime
    last: datetime

    def at(self, when: datetime) -> float:
        """The place of a time, from 0 to 100; times outside are put on the edge."""
        share = (when - self.first) / (self.last - self.first)
        return round(100 * min(1.0, max(0.0, share)), 2)


def timeline(rows: Iterable[Row], now: datetime) -> Timeline:
    """Each certificate once, with all endpoints that have it."""
    owners: dict[str, list[tuple[Certificate, Row]]] = {}
    for row in rows:
        for item in row.certificates:
            owners.setdefault(item.fingerprint, []).append((item, row))
    groups = sorted(owners.values(), key=lambda group: group[0][0].not_after)
    axis = _axis([group[0][0] for group in groups], now)
    return Timeline(tuple(_bar(group, axis, axis.at(now)) for group in groups), tuple(_ticks(axis)), axis.at(now))


def _bar(group: Sequence[tuple[Certificate, Row]], axis: _Axis, now: float) -> Bar:
    certificate, rows = group[0][0], tuple(row for _, row in group)
    begin = min(axis.at(certificate.not_before), 100 - _THINNEST)
    end = max(axis.at(certificate.not_after), begin + _THINNEST)
    turn = min(max(begin, now), end)
    grade_ = worst(map(certificate_grade, rows))
    return Bar(certificate, rows, grade_, begin, round(turn - begin, 2), turn, round(end - turn, 2))


def certificate_grade(row: Row) -> Grade:
    """What the certificate checks say about a row; checks that could not see it don't count."""
    told = [grade(item) for item in row.findings if item.name.startswith("certificate-")]
    return worst(item for item in told if item is not Grade.UNKNOWN)


def _axis(certificates: Sequence[Certificate], now: datetime) -> _Axis:
    first = min((item.not_before for item in certificates), default=now)
    last = max((item.not_after for item in certificates), default=now)
    return _Axis(
        min(max(first, _shifted(now, -_BEFORE)), _shifted(now, -_LEAST)),
        max(min(last, _shifted(now, _AFTER)), _shifted(now, _LEAST)),
    )


def _shifted(when: datetime, by: timedelta) -> datetime:
    """A time earlier or later, within the calendar's range."""
    try:
        return when + by
    except OverflowError:
        return (datetime.max if by > timedelta() else datetime.min).replace(tzinfo=UTC)


def _ticks(axis: _Axis) -> Iterator[Tick]:
    months = [month for month in _months(axis) if 4 <= axis.at(month) <= 92]
    step = -(-len(months) // _MOST_TICKS) or 1
    for number, month in enumerate(months[::step]):
        year = f" {month.year}" if number == 0 or month.month <= step else ""
        yield Tick(axis.at(month), f"{month:%b}{year}")


def _months(axis: _Axis) -> Iterator[datetime]:
    number = axis.first.year * 12 + axis.first.month
    while number < datetime.max.year * 12:
        month = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        if month > axis.last:
            return
        yield month
        number += 1
