"""Dates of certificates: what has run out, what runs out soon by its own lifetime, and what doesn't."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from edgegen.certificates.certificate import lateness
from edgegen.core.finding import Outcome
from edgegen.endpoints import Kind
from edgegen.verify.checks.certificate_expiry import CHECK
from tests.verify.checks.making import (
    ADDRESS,
    NOW,
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    certificate,
    days,
    dead,
    endpoint,
    intermediate,
    judged,
    observation,
    response,
    stranger,
    tls,
    untrusted,
    verdicts,
    words,
)


def leaf(age: float, left: float) -> Any:
    """A certificate that is so many days old and has so many left."""
    return certificate(not_before=NOW - days(age), not_after=NOW + days(left))


OLD = leaf(91, -1)
STRAY = intermediate(subject="CN=Old", common_name="Old", issuer="CN=Older", not_after=NOW - days(1))
CAUGHT = [
    ("expired yesterday", untrusted(10, leaf=OLD), [("cert-expired", "critical")]),
    ("expired this second", untrusted(10, leaf=leaf(90, 0)), [("cert-expired", "critical")]),
    ("valid from tomorrow on", untrusted(9, leaf=leaf(-1, 89)), [("cert-not-yet-valid", "high")]),
    ("self-signed and expired", untrusted(18, chain=(leaf(91, -1),)), [("cert-expired", "critical")]),
    (
        "an intermediate that has expired",
        untrusted(10, chain=(certificate(), intermediate(not_after=NOW - days(1)))),
        [("cert-expired", "critical")],
    ),
    (
        "an expired certificate that nobody needs",
        tls(chain=(certificate(), intermediate(), intermediate(common_name="Root", not_after=NOW - days(1)))),
        [("cert-expired", "low")],
    ),
    (
        "an expired one that has nothing to do with another fault",
        untrusted(62, chain=(certificate(), intermediate(), STRAY)),
        [("cert-expired", "low")],
    ),
    (
        "an expired one that has nothing to do with what has expired",
        untrusted(10, chain=(certificate(), intermediate(), STRAY)),
        [("cert-expired", "critical")],
    ),
    (
        "two of one issuer, one of which has expired",
        untrusted(20, chain=(certificate(), intermediate(not_after=NOW - days(1)), intermediate())),
        [("cert-expired", "low")],
    ),
    ("what was not sent has expired", untrusted(10), [("cert-expired", "critical")]),
    ("what was not sent is not valid yet", untrusted(9), [("cert-not-yet-valid", "high")]),
    ("expired, and nobody could read it", untrusted(10, chain=()), [("cert-expired", "critical")]),
    ("90 days, 5 left", tls(leaf=leaf(85, 5)), [("cert-expiring", "high")]),
    ("90 days, 8 left", tls(leaf=leaf(82, 8)), [("cert-expiring", "medium")]),
    ("90 days, 14 left", tls(leaf=leaf(76, 14)), [("cert-expiring", "low")]),
    ("90 days, 29 left", tls(leaf=leaf(61, 29)), [("cert-expiring", "low")]),
    ("45 days, 6 left", tls(leaf=leaf(39, 6)), [("cert-expiring", "high")]),
    ("45 days, 10 left", tls(leaf=leaf(35, 10)), [("cert-expiring", "low")]),
    ("6 days, 12 hours left", tls(leaf=leaf(5.5, 0.5)), [("cert-expiring", "high")]),
    ("6 days, 1 day left", tls(leaf=leaf(5, 1)), [("cert-expiring", "low")]),
    ("a year, 13 days left", tls(leaf=leaf(352, 13)), [("cert-expiring", "medium")]),
    ("a year, 20 days left", tls(leaf=leaf(345, 20)), [("cert-expiring", "low")]),
    ("399 days of life", tls(leaf=leaf(1, 398)), [("cert-long-lived", "low")]),
    ("five years, 6 days left", tls(leaf=leaf(1819, 6)), [("cert-expiring", "high"), ("cert-long-lived", "low")]),
]
FINE = [
    ("60 of 90 days left", tls()),
    ("31 of 90 days left", tls(leaf=leaf(59, 31))),
    ("5 of 6 days left", tls(leaf=leaf(1, 5.66))),
    ("3 of 6 days left, under the 7 days of a long one", tls(leaf=leaf(3, 3))),
    ("16 of 45 days left, under the 30 days of old monitors", tls(leaf=leaf(29, 16))),
    ("398 days of life", tls(leaf=leaf(100, 298))),
    ("nobody trusts it, and it lives for ten years", untrusted(18, leaf=leaf(10, 3640))),
    ("issued this second", tls(leaf=leaf(0, 90))),
    ("another fault, and good dates", untrusted(62)),
]


@pytest.mark.parametrize(("seen", "expected"), [row[1:] for row in CAUGHT], ids=[row[0] for row in CAUGHT])
def test_caught(seen: Any, expected: list[tuple[str, str]]) -> None:
    assert verdicts(CHECK, observation(tls=seen)) == expected


@pytest.mark.parametrize("seen", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_fine(seen: Any) -> None:
    assert verdicts(CHECK, observation(tls=seen)) == [("ok", "info")]


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    assert words(CHECK, seen) == ["not-seen"]


def test_what_could_not_be_read() -> None:
    assert words(CHECK, observation(tls=untrusted(20, chain=()))) == ["not-seen"]


def test_a_private_authority_may_issue_for_long() -> None:
    seen = tls(leaf=leaf(1, 1826))
    private = endpoint(ca="https://ca.example.net/acme/directory")
    assert words(CHECK, observation(tls=seen, endpoint=private)) == ["ok"]
    assert words(CHECK, observation(tls=seen, endpoint=endpoint(ca=""))) == ["cert-long-lived"]


def test_it_says_what_when_and_where() -> None:
    (finding,) = judged(CHECK, observation(tls=untrusted(10, leaf=OLD)))
    assert finding.message == "the certificate expired on 2026-06-30 12:00 UTC, 24 hours ago"
    assert str(finding.where) == "edge.yaml:14:7"
    assert "edgegen logs traefik" in finding.hint
    (finding,) = judged(CHECK, observation(tls=tls(leaf=leaf(85, 5))))
    assert finding.message == "5 days of 90 days are left, until 2026-07-06 12:00 UTC: its renewal is overdue"
    (finding,) = judged(CHECK, observation(tls=tls(leaf=leaf(61, 29))))
    assert finding.message.endswith("its renewal is due")
    (finding,) = judged(CHECK, observation(tls=untrusted(9, leaf=leaf(-1, 89))))
    assert "is not valid until 2026-07-02 12:00 UTC, in 24 hours" in finding.message
    assert "clock" in finding.hint


def test_another_clock_another_verdict() -> None:
    seen = observation(tls=tls())
    assert words(CHECK, seen, now=NOW + days(60)) == ["cert-expired"]
    assert words(CHECK, seen, now=NOW + days(60) - timedelta(seconds=1)) == ["cert-expiring"]
    assert words(CHECK, seen, now=NOW - days(30)) == ["ok"]
    assert words(CHECK, seen, now=NOW - days(30) - timedelta(seconds=1)) == ["cert-not-yet-valid"]


def test_one_of_two_addresses_has_the_old_one() -> None:
    old = address_seen(OTHER_ADDRESS, tls=untrusted(10, leaf=OLD))
    (finding,) = judged(CHECK, observation(address_seen(), old))
    assert finding.verdict == "cert-expired"
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")


def test_the_worst_address_decides() -> None:
    seen = observation(address_seen(tls=tls(leaf=leaf(76, 14))), address_seen(OTHER_ADDRESS, tls=tls(leaf=leaf(85, 5))))
    assert verdicts(CHECK, seen) == [("cert-expiring", "high")]


def test_a_dead_address_is_not_good_because_another_is() -> None:
    good, unseen = judged(CHECK, observation(address_seen(), dead()))
    assert (good.outcome, unseen.outcome) == (Outcome.PASS, Outcome.UNKNOWN)
    assert ADDRESS in good.message
    assert OTHER_ADDRESS in unseen.message
    assert "connection refused" in unseen.message


def test_hints_lead_to_whoever_renews_it() -> None:
    passed_through = endpoint(kind=Kind.TCP, ca="", challenge="")
    proxied = endpoint(proxied=True, ipv4=None, ipv6=None)
    for shown in (tls(leaf=leaf(85, 5)), untrusted(10, leaf=OLD)):
        for wanted, word in (
            (passed_through, "the service's own"),
            (proxied, "Cloudflare"),
            (stranger(), "certbot"),
            (endpoint(), "edgegen logs traefik"),
        ):
            (finding,) = judged(CHECK, observation(tls=shown, endpoint=wanted))
            assert word in finding.hint
            assert ("edgegen" in finding.hint) == (word == "edgegen logs traefik")


def test_an_old_chain_is_not_mended_by_a_log() -> None:
    old = untrusted(10, chain=(certificate(), intermediate(not_after=NOW - days(1))))
    for shown in (old, untrusted(10)):
        (finding,) = judged(CHECK, observation(tls=shown))
        assert "whole chain" in finding.hint


@pytest.mark.parametrize(("by_theirs", "differ"), [(-3, True), (-0.5, False), (3, False), (-200, False)])
def test_the_servers_clock_may_say_otherwise(by_theirs: float, differ: bool) -> None:
    date = format_datetime(NOW + days(by_theirs), usegmt=True)
    (finding,) = judged(
        CHECK, observation(tls=untrusted(10, leaf=OLD), answers=(response(headers={"date": date}),), plain=())
    )
    assert (finding.verdict, finding.severity.value) == ("cert-expired", "critical")
    assert ("by the server's clock it is valid" in finding.message) is differ
    assert ("EV012" in finding.hint) is differ


def test_lateness_grows_towards_the_end() -> None:
    for life in (6.0, 20.0, 30.0, 45.0, 90.0, 398.0, 1826.0):
        found = [lateness(leaf(life - left, left), NOW) for left in (life * share / 400 for share in range(400, 0, -1))]
        ranks = [("low", "medium", "high").index(item.value) if item else -1 for item in found]
        assert ranks == sorted(ranks), life
        assert ranks[0] == -1
        assert ranks[-1] == 2
