"""A good certificate from somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.endpoints import Kind
from edgegen.verify.checks.certificate_issuer import CHECK
from tests.verify.checks.making import (
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    certificate,
    endpoint,
    judged,
    observation,
    response,
    stranger,
    tls,
    untrusted,
    verdicts,
    words,
)

OTHERS = ["CN=WE1,O=Google Trust Services,C=US", "CN=Let's Encrypt", "CN=x,O=Not Let's Encrypt Ltd", "CN=Office CA"]
CAUGHT = [
    *[("letsencrypt", issuer) for issuer in OTHERS if issuer != "CN=Let's Encrypt"],
    ("letsencrypt", "CN=ZeroSSL ECC Domain Secure Site CA,O=ZeroSSL,C=AT"),
    ("zerossl", "CN=YE1,O=Let's Encrypt,C=US"),
    ("zerossl", "CN=WE1,O=Google Trust Services,C=US"),
]
FINE = [
    ("letsencrypt", "CN=YE1,O=Let's Encrypt,C=US"),
    ("letsencrypt", "CN=YR2,O=Let's Encrypt,C=US"),
    ("letsencrypt", "CN=Let's Encrypt"),
    ("zerossl", "CN=ZeroSSL ECC Domain Secure Site CA,O=ZeroSSL,C=AT"),
    ("zerossl", r"CN=ZeroSSL RSA DV SSL CA 2,O=Sectigo\, Limited,C=GB"),
]


def issued_by(issuer: str) -> Any:
    return tls(leaf=certificate(issuer=issuer))


@pytest.mark.parametrize(("ca", "issuer"), CAUGHT)
def test_caught(ca: str, issuer: str) -> None:
    seen = observation(endpoint=endpoint(ca=ca), tls=issued_by(issuer))
    assert verdicts(CHECK, seen) == [("wrong-issuer", "medium")]


@pytest.mark.parametrize(("ca", "issuer"), FINE)
def test_fine(ca: str, issuer: str) -> None:
    assert words(CHECK, observation(endpoint=endpoint(ca=ca), tls=issued_by(issuer))) == ["ok"]


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    assert words(CHECK, seen) == ["not-seen"]


@pytest.mark.parametrize(
    "wanted",
    [
        stranger(),
        endpoint(ca="letsencrypt-staging"),
        endpoint(ca="https://ca.example.net/directory"),
        endpoint(proxied=True),
        endpoint(kind=Kind.TCP, web_port=None),
    ],
)
def test_nobody_has_said_who(wanted: Any) -> None:
    assert words(CHECK, observation(endpoint=wanted, tls=issued_by(OTHERS[0]))) == []


def test_the_cause_is_another() -> None:
    for seen in (untrusted(18, leaf=certificate(issuer="CN=x")), tls(chain=())):
        assert words(CHECK, observation(tls=seen)) == ["not-seen"]
    staging = issued_by("CN=(STAGING) Riddling Rhubarb R12,O=(STAGING) Let's Encrypt")
    assert words(CHECK, observation(tls=staging)) == ["not-seen"]


def test_cloudflare_is_in_front_although_the_spec_wants_it_not() -> None:
    seen = observation(address_seen("104.16.1.1", tls=issued_by(OTHERS[0])))
    assert words(CHECK, seen) == ["not-seen"]
    answered = observation(tls=issued_by(OTHERS[0]), answers=(response(headers={"cf-ray": "1-FRA"}),))
    assert words(CHECK, answered) == ["not-seen"]
    assert words(CHECK, seen, cloudflare=()) == ["wrong-issuer"]


def test_it_names_both() -> None:
    other = address_seen(OTHER_ADDRESS, tls=issued_by(OTHERS[0]))
    (finding,) = judged(CHECK, observation(address_seen(), other))
    assert finding.message == (
        "the certificate is from `Google Trust Services`, and the spec wants Let's Encrypt (`acme.ca`) "
        f"(at {OTHER_ADDRESS}, 1 of 2 addresses)"
    )
