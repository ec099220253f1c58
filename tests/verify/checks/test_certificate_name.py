"""Names: the rules of RFC 9525, and never the CN."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.certificates.names import covers, nearly_covers
from edgegen.endpoints import Kind
from edgegen.verify.checks.certificate_name import CHECK
from tests.verify.checks.making import (
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    certificate,
    endpoint,
    judged,
    observation,
    tls,
    untrusted,
    verdicts,
    words,
)

COVERED = [
    ("www.example.com", ["www.example.com"]),
    ("www.example.com", ["example.com", "www.example.com"]),
    ("www.example.com", ["*.example.com"]),
    ("www.example.com", ["WWW.Example.COM"]),
    ("WWW.example.com", ["www.example.com"]),
    ("www.example.com.", ["www.example.com"]),
    ("xn--bcher-kva.example.com", ["xn--bcher-kva.example.com"]),
    ("xn--bcher-kva.example.com", ["*.example.com"]),
    ("a.b.example.com", ["*.b.example.com"]),
    ("_x.example.com", ["*.example.com"]),
    ("192.0.2.1", ["192.0.2.1"]),
    ("2001:db8::1", ["2001:db8::1"]),
    ("2001:db8::1", ["2001:0db8:0:0:0:0:0:1"]),
    ("[2001:db8::1]", ["2001:db8::1"]),
]
NOT_COVERED = [
    ("www.example.com", []),
    ("www.example.com", ["example.com"]),
    ("www.example.com", ["www.example.org"]),
    ("example.com", ["*.example.com"]),
    ("a.b.example", ["*.example"]),
    ("a.b.example.com", ["*.example.com"]),
    ("a.example", ["*.example"]),
    ("a.com", ["*.com"]),
    ("www.example.com", ["*.*.com"]),
    ("www.example.com", ["www.*.com"]),
    ("www.example.com", ["w*.example.com"]),
    ("www.example.com", ["*w.example.com"]),
    ("www.example.com", ["*"]),
    ("www.example.com", ["*.www.example.com"]),
    ("www.example.com", [""]),
    ("www.example.com", ["."]),
    ("www.example.com", [".example.com"]),
    (".example.com", ["*.example.com"]),
    ("www.example.com", ["www.example.com\0.evil.example"]),
    ("*.example.com", ["www.example.com"]),
    ("\u212amart.example.com", ["kmart.example.com"]),
    ("192.0.2.1", ["192.0.2.2"]),
    ("192.0.2.1", ["*.0.2.1"]),
    ("192.0.2.1", ["www.example.com"]),
    ("a.0.2.1", ["192.0.2.1"]),
    ("2001:db8::1", ["2001:db8::2"]),
    ("", ["www.example.com"]),
    ("", [""]),
]


@pytest.mark.parametrize(("host", "names"), COVERED)
def test_covered(host: str, names: list[str]) -> None:
    assert covers(names, host)
    seen = tls(leaf=certificate(host, names=tuple(names)))
    assert words(CHECK, observation(tls=seen, endpoint=endpoint(host))) == ["ok"]


@pytest.mark.parametrize(("host", "names"), NOT_COVERED)
def test_not_covered(host: str, names: list[str]) -> None:
    """Even where the CN says it, and OpenSSL let it through."""
    assert not covers(names, host)
    seen = tls(leaf=certificate(host, common_name=host, names=tuple(names)))
    assert verdicts(CHECK, observation(tls=seen, endpoint=endpoint(host))) == [("name-mismatch", "high")]


@pytest.mark.parametrize("code", [62, 63, 64])
def test_openssl_has_the_last_word_against_a_name(code: int) -> None:
    assert words(CHECK, observation(tls=untrusted(code))) == ["name-mismatch"]
    assert words(CHECK, observation(tls=untrusted(code, chain=()))) == ["name-mismatch"]


def test_it_is_judged_although_nobody_trusts_it() -> None:
    assert words(CHECK, observation(tls=untrusted(18, leaf=certificate("other.example.com")))) == ["name-mismatch"]
    assert words(CHECK, observation(tls=untrusted(18))) == ["ok"]


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    assert words(CHECK, seen) == ["not-seen"]


def test_the_stand_in_of_traefik_is_one_fault_and_not_two() -> None:
    stand_in = certificate("TRAEFIK DEFAULT CERT", names=("a.b.traefik.default",))
    assert words(CHECK, observation(tls=untrusted(62, chain=(stand_in,)))) == ["not-seen"]


def test_what_could_not_be_read() -> None:
    assert words(CHECK, observation(tls=untrusted(20, chain=()))) == ["not-seen"]
    assert words(CHECK, observation(tls=tls(chain=()))) == ["ok"]


def test_it_says_the_names_it_has() -> None:
    def said(leaf: Any, **changes: Any) -> tuple[str, str]:
        (finding,) = judged(CHECK, observation(tls=tls(leaf=leaf), **changes))
        return finding.message, finding.hint

    message, _ = said(certificate(names=("a.example.com", "b.example.com")))
    assert message == "the certificate is for `a.example.com`, `b.example.com` only"
    message, _ = said(certificate(names=tuple(f"{letter}.example.com" for letter in "abcdefg")))
    assert message.endswith("`d.example.com` and 3 more only")
    message, _ = said(certificate(names=()))
    assert message == "the certificate has no names but its CN `www.example.com`, which clients don't read"
    _, hint = said(certificate(names=("*.com",)))
    assert "`*.com` covers only one label" in hint
    _, hint = said(certificate(names=("*.example.com",)), endpoint=endpoint("a.b.example.com", proxied=True))
    assert "Cloudflare" in hint
    _, hint = said(certificate("db.example.com"), endpoint=endpoint(kind=Kind.TCP, web_port=None))
    assert "the service's own" in hint


def test_one_address_shows_another() -> None:
    other = address_seen(OTHER_ADDRESS, tls=untrusted(62, leaf=certificate("old.example.com")))
    (finding,) = judged(CHECK, observation(address_seen(), other))
    assert finding.message == f"the certificate is for `old.example.com` only (at {OTHER_ADDRESS}, 1 of 2 addresses)"


label = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=8)
hosts = st.lists(label, min_size=1, max_size=4).map(".".join)


@given(st.text(), st.lists(st.text(), max_size=4))
def test_any_text_is_judged(host: str, names: list[str]) -> None:
    assert covers(names, host) in (True, False)
    assert isinstance(nearly_covers(names, host), str)
    assert words(CHECK, observation(tls=tls(leaf=certificate(names=tuple(names))), endpoint=endpoint(host or "x")))


@given(hosts, hosts)
def test_a_name_without_a_star_covers_itself_alone(host: str, other: str) -> None:
    assert covers([host], other) == (host == other)


@given(st.lists(label, min_size=1, max_size=4), hosts)
def test_a_star_stands_for_one_label(host: list[str], parent: str) -> None:
    name = f"*.{parent}"
    expected = len(host) == 1 and "." in parent
    assert covers([name], ".".join([*host, parent])) == expected


@given(st.lists(hosts | hosts.map("*.{}".format), max_size=5), hosts)
def test_more_names_never_cover_less(names: list[str], host: str) -> None:
    if any(covers([name], host) for name in names):
        assert covers(names, host)
    else:
        assert not covers(names, host)
