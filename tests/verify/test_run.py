"""Order, and how long one looks again, by a clock of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.endpoints import Endpoint
from edgegen.verify.checks import CHECKS, Check, Context
from edgegen.verify.checks.check import Good, Hop
from edgegen.verify.observation import Observation
from edgegen.verify.run import LACKS, Patience, is_settled, judge, look_until_good

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PASS, FAIL, UNKNOWN = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN


def finding(outcome: Outcome, severity: Severity = Severity.INFO) -> Finding:
    return Finding("EV000", "x", severity, outcome, "a.test", "")


def unknown(verdict: str) -> Finding:
    return replace(finding(UNKNOWN), verdict=verdict)


@pytest.mark.parametrize(
    ("findings", "settled"),
    [
        ([], False),
        ([finding(PASS), finding(FAIL, Severity.LOW)], True),
        ([finding(PASS), finding(FAIL, Severity.MEDIUM)], False),
        ([unknown("dns-timeout")], False),
        ([unknown("not-seen")], False),
        ([finding(PASS), unknown("registry-no-credentials")], True),
        ([unknown("no-family"), unknown("not-seen"), finding(FAIL, Severity.INFO)], True),
        ([unknown("registry-no-credentials"), unknown("dns-timeout")], False),
        ([unknown("registry-no-credentials"), finding(FAIL, Severity.HIGH)], False),
    ],
)
def test_what_waiting_can_and_can_not_mend(findings: list[Finding], settled: bool) -> None:
    assert is_settled(findings) is settled


def test_the_lacks_are_verdicts_of_checks() -> None:
    assert {verdict.word for check in CHECKS for verdict in check.verdicts} >= LACKS


def said(check_id: str) -> Check:
    return Check(check_id, "x", Hop.DNS, (), lambda _seen, _context: [Good("")])


def test_findings_stand_endpoint_by_endpoint_and_check_by_check() -> None:
    seen = [Observation(Endpoint("w", host)) for host in ("b.test", "a.test")]
    found = judge(seen, Context(NOW), (said("EV002"), said("EV001")))
    assert [(item.subject, item.id) for item in found] == [
        ("b.test", "EV002"),
        ("b.test", "EV001"),
        ("a.test", "EV002"),
        ("a.test", "EV001"),
    ]


class FakeClock:
    """Stands still but for its own waits, and for `look`, which takes `takes` seconds."""

    def __init__(self) -> None:
        self.time, self.waits = 1000.0, list[float]()

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


class World:
    """Hosts that become good after so many looks."""

    def __init__(self, good_after: dict[str, int], clock: FakeClock, takes: float = 0.0) -> None:
        self.left, self.clock, self.takes = dict(good_after), clock, takes
        self.looked: list[list[str]] = []

    def look(self, endpoints: Sequence[Endpoint]) -> tuple[Observation, ...]:
        self.looked.append([item.host for item in endpoints])
        self.clock.time += self.takes
        for item in endpoints:
            self.left[item.host] -= 1
        return tuple(Observation(item, seconds=float(max(0, self.left[item.host]))) for item in endpoints)

    @staticmethod
    def good(seen: Observation) -> bool:
        return seen.seconds == 0.0


def waited(
    good_after: dict[str, int], seconds: float, *, takes: float = 0.0
) -> tuple[World, FakeClock, list[tuple[list[str], int, float]], tuple[Observation, ...]]:
    clock = FakeClock()
    world, told = World(good_after, clock, takes), list[tuple[list[str], int, float]]()

    def waiting(late: Sequence[tuple[str, str]], total: int, left: float) -> None:
        told.append(([f"{name} {why}" for name, why in late], total, left))

    patience = Patience(seconds, waiting, clock)
    endpoints = [Endpoint("w", host) for host in good_after]
    seen = look_until_good(
        endpoints, world.look, world.good, patience, threading.Event(), why=lambda seen: f"x{seen.seconds:g}"
    )
    return world, clock, told, seen


def test_what_is_good_at_once_is_looked_at_once() -> None:
    world, clock, told, seen = waited({"a.test": 1, "b.test": 1}, 60)
    assert (world.looked, clock.waits, told) == ([["a.test", "b.test"]], [], [])
    assert [item.endpoint.host for item in seen] == ["a.test", "b.test"]


def test_only_what_is_late_is_looked_at_again() -> None:
    world, clock, told, seen = waited({"a.test": 3, "b.test": 1, "c.test": 2}, 60)
    assert world.looked == [["a.test", "b.test", "c.test"], ["a.test", "c.test"], ["a.test"]]
    assert clock.waits == [1, 2]
    assert told == [(["a.test x2", "c.test x1"], 3, 60), (["a.test x1"], 3, 59)]
    assert [(item.endpoint.host, item.seconds) for item in seen] == [("a.test", 0), ("b.test", 0), ("c.test", 0)]


def test_pauses_grow_to_ten_seconds_and_end_in_time() -> None:
    world, clock, _, seen = waited({"a.test": 100}, 40)
    assert clock.waits == [1, 2, 4, 8, 10, 10, 5]
    assert clock.time == 1040
    assert len(world.looked) == 8
    assert seen[0].seconds > 0


def test_the_time_that_looking_takes_counts() -> None:
    world, clock, _, _ = waited({"a.test": 100}, 20, takes=9)
    assert clock.waits == [1, 1]
    assert len(world.looked) == 3


def test_a_stop_in_a_pause_ends_it_and_keeps_what_was_seen() -> None:
    stop, clock = threading.Event(), FakeClock()
    world = World({"a.test": 9}, clock)
    patience = Patience(60, lambda *_: stop.set(), clock)
    seen = look_until_good([Endpoint("w", "a.test")], world.look, world.good, patience, stop)
    assert len(world.looked) == 1
    assert seen[0].seconds == 8


def test_a_look_that_was_cut_short_does_not_replace_a_whole_one() -> None:
    stop, clock = threading.Event(), FakeClock()
    world = World({"a.test": 9}, clock)

    def look(endpoints: Sequence[Endpoint]) -> tuple[Observation, ...]:
        seen = world.look(endpoints)
        if len(world.looked) < 2:
            return seen
        stop.set()
        return tuple(replace(item, incomplete=True) for item in seen)

    (seen,) = look_until_good([Endpoint("w", "a.test")], look, world.good, Patience(60, clock=clock), stop)
    assert (seen.incomplete, seen.seconds) == (False, 8)


def test_the_real_clock_wakes_when_it_is_told_to() -> None:
    stop = threading.Event()
    before = time.monotonic()
    world = World({"a.test": 9}, FakeClock())
    look_until_good([Endpoint("w", "a.test")], world.look, world.good, Patience(60, lambda *_: stop.set()), stop)
    assert len(world.looked) == 1
    assert time.monotonic() - before < 30
