"""Certificates on a line of time: bars inside the axis, today where it is, and calendars that end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from msgspec.structs import replace

from edgegen.cli.report.model import Report
from edgegen.cli.report.timeline import timeline
from edgegen.core.grade import Grade
from edgegen.verify.observation import Observation
from tests.cli.report.making import (
    NOW,
    ORIGIN,
    address,
    bad,
    certificate,
    endpoint,
    names,
    passed,
    report_of,
    story,
    unseen,
)
from tests.cli.report.strategies import reports


def row(host: str, own, found=()):
    of = endpoint(host)
    return of, Observation(of, names(ORIGIN), (address(ORIGIN, own),)), list(found)


def drawn(*certificates):
    rows = [row(f"h{number}.example.com", own) for number, own in enumerate(certificates)]
    return timeline(report_of(*rows).rows, NOW)


def test_a_bar_is_over_until_today_and_left_after_it() -> None:
    line = drawn(certificate("a", begun=30, left=60))
    (bar,) = line.bars
    assert (bar.begin, line.now) == (0.0, 33.33)
    assert (bar.over, bar.left_from, bar.left) == (33.33, 33.33, 66.67)


def test_what_is_over_has_nothing_left_and_what_comes_nothing_behind_it() -> None:
    gone, coming = drawn(
        certificate("a", begun=90, left=-10, number=1), certificate("b", begun=-5, left=85, number=2)
    ).bars
    assert (gone.left, coming.over) == (0.0, 0.0)
    assert gone.over > 0
    assert coming.left > 0


def test_a_life_of_ten_years_does_not_press_the_others_together() -> None:
    short, _ = drawn(certificate("a", number=1), certificate("b", begun=400, left=3650, number=2)).bars
    assert short.over + short.left > 15


def test_what_ends_first_stands_first_and_each_stands_once() -> None:
    one, other = certificate("a", left=60, number=1), certificate("b", left=9, number=2)
    bars = drawn(one, other, one).bars
    assert [bar.certificate.names for bar in bars] == [("b",), ("a",)]
    assert [item.endpoint.host for item in bars[1].rows] == ["h0.example.com", "h2.example.com"]


def test_its_grade_is_that_of_the_checks_of_certificates() -> None:
    of = endpoint("a.example.com")
    expiring = bad(of, "EV003", "certificate-expiry", "m", "cert-expired")
    other = bad(of, "EV013", "http-answer", "m", "upstream-down")
    for found, wanted in (
        ([*passed(of)], Grade.GOOD),
        ([*passed(of, "EV013"), other], Grade.GOOD),
        ([*passed(of, "EV003"), expiring], Grade.BAD),
        ([expiring, *unseen(of, "expired", "EV009")], Grade.BAD),
        ([], Grade.UNKNOWN),
        (unseen(of, "stopped", "EV003"), Grade.UNKNOWN),
    ):
        report = report_of(row("a.example.com", certificate("a"), found))
        assert timeline(report.rows, NOW).bars[0].grade is wanted


def test_months_are_named_and_few() -> None:
    labels = [tick.label for tick in timeline(story().rows, NOW).ticks]
    assert labels == ["Sep 2026", "Dec", "Mar 2027", "Jun", "Sep"]
    assert [tick.label for tick in drawn(certificate("a", begun=30, left=60)).ticks] == ["Nov 2026", "Dec", "Jan 2027"]


def test_without_certificates_there_is_a_line_all_the_same() -> None:
    assert timeline((), NOW).bars == ()
    assert timeline((), NOW).now == 50.0


@pytest.mark.parametrize("now", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)])
def test_the_calendar_ends_and_the_line_too(now: datetime) -> None:
    own = replace(certificate("a"), not_before=datetime(1, 1, 1, tzinfo=UTC), not_after=now)
    rows = report_of(row("a.example.com", own), started=now).rows
    assert 0 <= timeline(rows, now).now <= 100


@pytest.mark.slow
@given(report=reports())
def test_any_bar_lies_on_the_line(report: Report) -> None:
    line = timeline(report.rows, report.started)
    assert len(line.ticks) <= 6
    assert all(0 <= tick.at <= 100 for tick in line.ticks)
    for bar in line.bars:
        assert bar.begin >= 0
        assert min(bar.over, bar.left) >= 0
        assert bar.over + bar.left >= 0.49
        assert bar.left_from + bar.left <= 100.01
