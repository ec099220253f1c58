"""The certificates of several addresses beside each other."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.verify.checks.certificate_everywhere import CHECK
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
    judged,
    observation,
    stranger,
    tls,
    untrusted,
    verdicts,
    words,
)


def beside(other: Any, **changes: Any) -> Any:
    """A healthy address, and one with another certificate."""
    return observation(address_seen(), address_seen(OTHER_ADDRESS, tls=other), **changes)


def second(**changes: Any) -> Any:
    return certificate(**{"serial": "99", "fingerprint": "ef" * 32, **changes})


CAUGHT = [
    ("other names", tls(leaf=second(names=("other.example.com",)))),
    ("one name more", tls(leaf=second(names=("www.example.com", "example.com")))),
    ("another issuer", tls(leaf=second(issuer="CN=R3,O=ZeroSSL"))),
    ("expired", untrusted(10, leaf=second(not_after=NOW - days(1)))),
    ("not valid yet", untrusted(9, leaf=second(not_before=NOW + days(1)))),
    ("Traefik's stand-in", untrusted(18, leaf=second(issuer="CN=TRAEFIK DEFAULT CERT", names=("x",)))),
    ("each edge its own", tls(leaf=second())),
    ("the other intermediate of one authority", tls(leaf=second(issuer="CN=YE2,O=Let's Encrypt,C=US"))),
    ("renewed at one of them", tls(leaf=second(not_before=NOW, not_after=NOW + days(90)))),
]
OTHER_ISSUER = tls(leaf=second(issuer="CN=CA 7,O=Somebody"))


@pytest.mark.parametrize("other", [row[1] for row in CAUGHT], ids=[row[0] for row in CAUGHT])
def test_a_difference_is_a_remark(other: Any) -> None:
    """What is bad about one of them by itself is another check's finding; several good ones are no fault."""
    assert verdicts(CHECK, beside(other)) == [("cert-differs", "low")]


@pytest.mark.parametrize(
    ("wanted", "severity"),
    [
        (endpoint(ca="https://ca.example.net/dir"), "medium"),
        (endpoint(ca="letsencrypt"), "low"),  # EV022 compares it by name
        (endpoint(ca="https://ca.example.net/dir", proxied=True, ipv4=None, ipv6=None), "low"),
        (stranger(), "low"),  # networks of delivery have several authorities
    ],
    ids=["private", "public", "proxied", "stranger"],
)
def test_several_authorities_where_the_spec_names_one(wanted: Any, severity: str) -> None:
    assert verdicts(CHECK, beside(OTHER_ISSUER, endpoint=wanted)) == [("cert-differs", severity)]
    untrusted_one = untrusted(20, leaf=OTHER_ISSUER.chain[0])
    assert verdicts(CHECK, beside(untrusted_one, endpoint=wanted)) == [("cert-differs", "low")]


def test_fine() -> None:
    assert words(CHECK, beside(tls())) == ["ok"]


def test_the_order_of_names_is_no_difference() -> None:
    names = ("a.example.com", "b.example.com")
    seen = observation(
        address_seen(tls=tls(leaf=certificate(names=names))),
        address_seen(OTHER_ADDRESS, tls=tls(leaf=second(names=names[::-1]))),
    )
    assert verdicts(CHECK, seen) == [("cert-differs", "low")]


def test_one_address_has_nothing_to_compare() -> None:
    assert words(CHECK, observation()) == []
    assert words(CHECK, observation(tls=untrusted(10))) == []


@pytest.mark.parametrize("name", ["no address", "stopped"])
def test_not_seen(name: str) -> None:
    assert words(CHECK, UNREACHED[name]) == ["not-seen"]


def test_what_is_dead_is_not_compared() -> None:
    assert words(CHECK, observation(address_seen(), dead())) == ["not-seen"]
    assert words(CHECK, observation(dead(ADDRESS), dead())) == ["not-seen"]
    three = observation(address_seen(), address_seen(OTHER_ADDRESS), dead("192.0.2.12"))
    assert words(CHECK, three) == ["ok", "not-seen"]


def test_it_says_who_shows_what() -> None:
    (finding,) = judged(CHECK, beside(tls(leaf=second(names=("old.example.com",)))))
    assert finding.message == (
        "the addresses show different certificates: "
        "192.0.2.10 has one for www.example.com by `YE1` until 2026-08-30 12:00 UTC; "
        "192.0.2.11 has one for old.example.com by `YE1` until 2026-08-30 12:00 UTC"
    )
