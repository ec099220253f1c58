"""Two clocks beside each other."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.endpoints import Kind
from edgegen.verify.checks.clock import CHECK
from edgegen.verify.observation import Trouble
from tests.verify.checks.making import (
    NOW,
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    broken,
    certificate,
    days,
    endpoint,
    judged,
    observation,
    plain,
    response,
    tls,
    untrusted,
    verdicts,
    words,
)


def dated(ahead: timedelta, **headers: str) -> Any:
    """An answer of a server whose clock is ahead."""
    return response(headers={"date": format_datetime(NOW + ahead, usegmt=True), **headers})


def seen(*answers: Any, **changes: Any) -> Any:
    return observation(**{"answers": answers, "plain": (), **changes})


MINUTE = timedelta(minutes=1)
CAUGHT = [
    ("6 minutes ahead", dated(6 * MINUTE)),
    ("6 minutes behind", dated(-6 * MINUTE)),
    ("a year ahead", dated(days(365))),
    ("1980", dated(NOW.replace(year=1980) - NOW)),
    ("a cache does not explain it", dated(-60 * MINUTE, age="60")),
    ("a cache makes it worse", dated(MINUTE, age="600")),
]
FINE = [
    ("the same second", dated(timedelta())),
    ("5 minutes", dated(5 * MINUTE)),
    ("4 minutes behind", dated(-4 * MINUTE)),
    ("an hour in a cache", dated(-60 * MINUTE, age="3600")),
    ("nonsense in Age", dated(timedelta(), age="soon")),
]


@pytest.mark.parametrize("answer", [row[1] for row in CAUGHT], ids=[row[0] for row in CAUGHT])
def test_caught(answer: Any) -> None:
    assert verdicts(CHECK, seen(answer)) == [("clock-skew", "medium")]


@pytest.mark.parametrize("answer", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_fine(answer: Any) -> None:
    assert words(CHECK, seen(answer)) == ["ok"]


@pytest.mark.parametrize("found", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(found: Any) -> None:
    assert words(CHECK, found) == (["ok"] if found.addresses and found.addresses[0].plain else ["not-seen"])


def test_nothing_to_compare_is_no_finding() -> None:
    assert words(CHECK, seen(response(headers={"date": ""}))) == []
    assert words(CHECK, seen(response(at=None))) == []
    passed_through = endpoint(kind=Kind.TCP, web_port=None)
    assert words(CHECK, observation(endpoint=passed_through)) == []


def test_no_answer_at_all() -> None:
    assert words(CHECK, seen(broken(Trouble.TIMEOUT))) == ["not-seen"]


def test_the_plain_answer_counts_as_well() -> None:
    assert words(CHECK, seen(plain=(plain(at=NOW),), answers=())) == ["ok"]
    assert words(CHECK, seen(dated(days(1)), plain=(plain(),))) == ["ok"]


def test_it_says_both_times_and_what_depends_on_them() -> None:
    ahead = dated(days(61))
    (finding,) = judged(CHECK, seen(ahead))
    assert "2026-08-31 12:00 UTC" in finding.message
    assert "2026-07-01 12:00 UTC" in finding.message
    assert "the server is 61 days ahead of it" in finding.message
    assert "valid by this machine's clock, and expired by the server's" in finding.message
    fresh = untrusted(9, leaf=certificate(not_before=NOW + days(1)))
    (finding,) = judged(CHECK, seen(dated(days(2)), tls=fresh))
    assert "not valid yet by this machine's clock, and valid by the server's" in finding.message
    (finding,) = judged(CHECK, seen(dated(days(-2))))
    assert "the server is 2 days behind it. By both the certificate is valid" in finding.message
    (finding,) = judged(CHECK, seen(dated(days(2)), tls=tls(chain=())))
    assert "ertificate" not in finding.message


def test_one_server_of_two() -> None:
    other = address_seen(OTHER_ADDRESS, answers=(dated(days(1)),), plain=())
    (finding,) = judged(CHECK, observation(address_seen(), other))
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")


@given(st.text(), st.text())
def test_any_text_is_judged(date: str, age: str) -> None:
    assert words(CHECK, seen(response(headers={"date": date, "age": age}))) in ([], ["ok"], ["clock-skew"])


@pytest.mark.parametrize(
    "text", ["Mon, 99 Foo 2026", "Fri, 31 Dec 9999 23:59:59 -2359", "0", "Thu, 01 Jan 9999999 0:0:0 GMT"]
)
def test_dates_that_are_none(text: str) -> None:
    assert words(CHECK, seen(response(headers={"date": text}))) == []


def test_the_end_of_time() -> None:
    assert words(CHECK, seen(response(headers={"date": "Fri, 31 Dec 9999 23:59:59 GMT", "age": "60"}))) == []
