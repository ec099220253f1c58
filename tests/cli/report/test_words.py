"""How the page says numbers and times, and which names share a way."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from edgegen.cli.report import words
from edgegen.cli.report.seen import Certificate, State, certificates
from edgegen.cli.report.topology import lanes, state_grade
from edgegen.core.grade import Grade
from edgegen.verify.observation import Observation
from tests.cli.report.making import (
    NOW,
    ORIGIN,
    ORIGIN6,
    address,
    calm,
    certificate,
    dead,
    endpoint,
    healthy,
    names,
    report_of,
    story,
)


def seen(begun: float, left: float) -> Certificate:
    return certificates((address(ORIGIN, certificate("a", begun=begun, left=left)),), NOW)[0]


@pytest.mark.parametrize(
    "begun, left, wanted",
    [
        (30, 60, "60 of 90 days left (66 %)"),
        (89, 1, "24 hours left (1 %)"),
        (89.97, 0.03, "0 hours left (0 %)"),
        (90, 0, "expired 0 hours ago"),
        (93, -3, "expired 3 days ago"),
        (90.05, -0.05, "expired 1 hour ago"),
        (-5, 85, "valid only in 5 days"),
        (-0.1, 89, "valid only in 2 hours"),
    ],
)
def test_what_is_left_of_a_life(begun: float, left: float, wanted: str) -> None:
    assert words.life(seen(begun, left), NOW) == wanted


def test_times_are_told_in_utc() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=11)))
    assert words.moment(east) == "24 November 2026, 13:20 UTC"
    assert words.day(east) == "24 Nov 2026"


@pytest.mark.parametrize(
    "seconds, wanted", [(0.04, "0.0 s"), (4.217, "4.2 s"), (60, "1 min 0 s"), (200.4, "3 min 20 s")]
)
def test_how_long_it_took(seconds: float, wanted: str) -> None:
    assert words.took(seconds) == wanted


@pytest.mark.parametrize(
    "number, wanted", [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1048576, "1.0 MiB"), (115343360, "110.0 MiB"),
                       (3 * 1024**3, "3.0 GiB")]
)  # fmt: skip
def test_sizes(number: int, wanted: str) -> None:
    assert words.size(number) == wanted


def test_what_else_is_to_be_said() -> None:
    assert words.aside(story()) == "1 could not be checked; 1 good, with remarks."
    assert words.aside(calm()) == ""
    of, _, found = healthy("a.example.com")
    stopped = report_of((of, None, found), incomplete=True)
    assert words.aside(stopped) == "The run was stopped early: what is missing counts as not checked."


def test_every_grade_has_a_word() -> None:
    assert set(words.GRADES) == set(Grade)


def test_names_share_a_way_when_their_addresses_answer_alike() -> None:
    def row(host: str, *addresses):
        of = endpoint(host)
        return of, Observation(of, names(), addresses), []

    up, up6, down = address(ORIGIN), address(ORIGIN6), dead(ORIGIN6, detail="a")
    report = report_of(
        row("a.example.com", up, up6), row("b.example.com", up, down), row("c.example.com", up, up6),
        row("d.example.com"), row("e.example.com", up, dead(ORIGIN6, detail="b")),
    )  # fmt: skip
    shared = [[item.endpoint.host[0] for item in lane.rows] for lane in lanes(report.rows)]
    assert shared == [["a", "c"], ["b", "e"], ["d"]]
    assert [stop.state for stop in lanes(report.rows)[1].stops] == [State.ANSWERS, State.DEAD]


def test_only_an_answer_is_good() -> None:
    assert [state for state in State if state_grade(state) is Grade.GOOD] == [State.ANSWERS]
    assert state_grade(State.UNKNOWN) is Grade.UNKNOWN
