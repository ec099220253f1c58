"""Weak TLS beside good TLS, weak keys and signatures."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.endpoints import Kind
from edgegen.verify.checks.tls_strength import CHECK
from tests.verify.checks.making import (
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    certificate,
    endpoint,
    intermediate,
    judged,
    observation,
    tls,
    untrusted,
    verdicts,
    words,
)

RSA_1024 = {"key": "RSA 1024", "key_bits": 1024}
CAUGHT = [
    ("TLS 1.0", tls(weak=("TLSv1 ECDHE-RSA-AES128-SHA",)), "the server accepts TLSv1 ECDHE-RSA-AES128-SHA"),
    ("a short key", tls(leaf=certificate(**RSA_1024)), "a key of 1024 bits only (RSA 1024)"),
    ("SHA-1", tls(leaf=certificate(signature="sha1")), "a signature with sha1"),
    (
        "MD5 above",
        tls(chain=(certificate(), intermediate(signature="md5"))),
        "the chain's `YE1` has a signature with md5",
    ),
    ("a short key, untrusted", untrusted(20, leaf=certificate(**RSA_1024)), "1024"),
]
FINE = [
    ("healthy", tls()),
    ("TLS 1.2", tls(protocol="TLSv1.2")),
    ("RSA 2048", tls(leaf=certificate(key="RSA 2048", key_bits=2048, signature="sha256"))),
    ("a curve of 384 bits", tls(leaf=certificate(key="EC secp384r1", key_bits=384))),
    ("an authority's key", tls(chain=(certificate(), intermediate(key="EC secp521r1", key_bits=521)))),
    ("a key that could not be read", tls(leaf=certificate(key="", key_bits=0))),
    ("a curve of 256 bits", tls(leaf=certificate(key="EC secp256r1", key_bits=256))),
    ("a root with SHA-1", tls(chain=(certificate(), intermediate(signature="sha1", self_signed=True)))),
    ("another fault", untrusted(10)),
]


@pytest.mark.parametrize(("seen", "said"), [row[1:] for row in CAUGHT], ids=[row[0] for row in CAUGHT])
def test_caught(seen: Any, said: str) -> None:
    assert verdicts(CHECK, observation(tls=seen)) == [("tls-weak", "low")]
    assert verdicts(CHECK, observation(tls=seen), strict_tls=True) == [("tls-weak", "medium")]
    assert said in judged(CHECK, observation(tls=seen))[0].message


@pytest.mark.parametrize("seen", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_fine(seen: Any) -> None:
    assert words(CHECK, observation(tls=seen), strict_tls=True) == ["ok"]


@pytest.mark.parametrize(
    ("key", "bits"),
    [("Ed25519", 256), ("Ed448", 456), ("EC secp521r1", 521), ("EC secp192r1", 192), ("RSA-PSS 2048", 2048)],
)
def test_keys_that_browsers_do_not_support(key: str, bits: int) -> None:
    seen = tls(leaf=certificate(key=key, key_bits=bits, signature=""))
    assert verdicts(CHECK, observation(tls=seen)) == [("tls-weak", "high")]
    (finding,) = judged(CHECK, observation(tls=seen))
    assert f"a key that not every browser supports ({key})" in finding.message
    assert "P-256" in finding.hint


@pytest.mark.parametrize("kind", [Kind.REGISTRY, Kind.TLS, Kind.TCP])
def test_other_programs_support_more_keys(kind: Kind) -> None:
    seen = tls(leaf=certificate(key="Ed25519", key_bits=256, signature=""))
    assert words(CHECK, observation(tls=seen, endpoint=endpoint(kind=kind)), strict_tls=True) == ["ok"]


@pytest.mark.parametrize("kind", [Kind.TLS, Kind.TCP])
def test_a_short_key_is_a_remark_where_nobody_knows_the_clients(kind: Kind) -> None:
    short = tls(leaf=certificate(key="EC secp192r1", key_bits=192))
    assert verdicts(CHECK, observation(tls=short, endpoint=endpoint(kind=kind))) == [("tls-weak", "low")]


@pytest.mark.parametrize(
    ("key", "bits", "said"),
    [
        ("RSA 2048", 2048, []), ("RSA 4096", 4096, []), ("EC secp256r1", 256, []), ("EC secp384r1", 384, []),
        ("EC secp521r1", 521, []), ("Ed25519", 256, []), ("", 0, []),
        ("RSA-PSS 4096", 4096, ["high"]), ("EC brainpoolP256r1", 256, ["high"]), ("EC secp256k1", 256, ["high"]),
        ("EC secp192r1", 192, ["high"]), ("Ed448", 456, ["high"]), ("DSA 2048", 2048, ["high"]),
    ],
)  # fmt: skip
def test_keys_that_docker_does_not_support(key: str, bits: int, said: list[str]) -> None:
    seen = observation(tls=tls(leaf=certificate(key=key, key_bits=bits)), endpoint=endpoint(kind=Kind.REGISTRY))
    assert [severity for word, severity in verdicts(CHECK, seen) if word == "tls-weak"] == said


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    assert words(CHECK, seen) == ["not-seen"]


@pytest.mark.parametrize("code", [66, 67, 68])
def test_clients_refuse_what_is_too_weak(code: int) -> None:
    assert verdicts(CHECK, observation(tls=untrusted(code, leaf=certificate(**RSA_1024)))) == [("tls-weak", "high")]
    seen = observation(tls=untrusted(code, "CA md too weak"))
    assert verdicts(CHECK, seen) == [("tls-weak", "high")]
    assert "CA md too weak" in judged(CHECK, seen)[0].message


def test_it_could_not_be_seen_what_is_accepted() -> None:
    assert words(CHECK, observation(tls=tls(weak_trouble="timeout"))) == ["not-seen"]
    weak = tls(weak_trouble="timeout", leaf=certificate(**RSA_1024))
    assert words(CHECK, observation(tls=weak)) == ["tls-weak"]


def test_all_faults_of_all_addresses_in_one_finding() -> None:
    both = tls(weak=tuple(f"TLSv1 {number}" for number in range(9)), leaf=certificate(signature="sha1"))
    (finding,) = judged(CHECK, observation(address_seen(), address_seen(OTHER_ADDRESS, tls=both)))
    assert finding.message == (
        "the server accepts TLSv1 0, TLSv1 1, TLSv1 2, TLSv1 3 and 5 more, the certificate has a signature with sha1 "
        f"(at {OTHER_ADDRESS}, 1 of 2 addresses)"
    )


def test_the_cure_is_where_tls_ends() -> None:
    weak = tls(weak=("TLSv1 x",))
    assert "minVersion" in judged(CHECK, observation(tls=weak))[0].hint
    assert "Cloudflare" in judged(CHECK, observation(tls=weak, endpoint=endpoint(proxied=True)))[0].hint
    assert "ECDSA" in judged(CHECK, observation(tls=tls(leaf=certificate(signature="sha1"))))[0].hint
