"""Trust: one code of OpenSSL has several causes, and each has a word of its own."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.certificates.issuers import attributes, organisation
from edgegen.core.finding import Outcome
from edgegen.core.location import Location
from edgegen.endpoints import Kind
from edgegen.verify.checks.certificate_trust import CHECK
from edgegen.verify.observation import TlsSeen
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
    traefik_404,
    untrusted,
    verdicts,
    words,
)

DEFAULT = certificate(
    "TRAEFIK DEFAULT CERT", issuer="CN=TRAEFIK DEFAULT CERT", names=("a.b.traefik.default",), self_signed=True
)
SELF = certificate(issuer="CN=www.example.com", self_signed=True)
STAGING = certificate(issuer="CN=(STAGING) Riddling Rhubarb R12,O=(STAGING) Let's Encrypt,C=US")
NEW_STAGING = certificate(issuer="CN=YE3,O=(STAGING) Let's Encrypt,C=US")
PRIVATE = certificate(issuer="CN=Office CA 2,O=Office")
OFFICE = intermediate(
    subject="CN=Office CA,O=Office", common_name="Office CA", issuer_name="Office CA", self_signed=True
)

CAUGHT = [
    ("Traefik's own", untrusted(18, chain=(DEFAULT,)), "traefik-default-cert"),
    ("Traefik's own, expired", untrusted(10, chain=(DEFAULT,)), "traefik-default-cert"),
    ("Traefik's own, and the name came first", untrusted(62, chain=(DEFAULT,)), "traefik-default-cert"),
    ("self-signed", untrusted(18, chain=(SELF,)), "self-signed"),
    ("self-signed and expired", untrusted(10, chain=(SELF,)), "self-signed"),
    ("staging", untrusted(20, leaf=STAGING), "staging-issuer"),
    ("staging with its root", untrusted(19, leaf=STAGING), "staging-issuer"),
    ("staging, named in its organisation alone", untrusted(20, leaf=NEW_STAGING), "staging-issuer"),
    ("staging, leaf alone", untrusted(20, chain=(STAGING,), missing_issuer=intermediate()), "staging-issuer"),
    ("staging by a root's name", untrusted(20, leaf=certificate(issuer="CN=Yonder Yam Root YR")), "staging-issuer"),
    ("staging that somebody trusts", tls(leaf=STAGING), "staging-issuer"),
    ("expired staging", untrusted(10, leaf=STAGING), "staging-issuer"),
    ("no intermediate", untrusted(20, chain=(certificate(),), missing_issuer=intermediate()), "incomplete-chain"),
    (
        "no intermediate, code 21",
        untrusted(21, chain=(certificate(),), missing_issuer=intermediate()),
        "incomplete-chain",
    ),
    ("private", untrusted(20, chain=(PRIVATE,)), "untrusted-ca"),
    ("private with its root", untrusted(19, chain=(PRIVATE, OFFICE)), "untrusted-ca"),
    ("a purpose that is not a server's", untrusted(26, "unsupported certificate purpose"), "cert-rejected"),
    ("a code without words", untrusted(79), "cert-rejected"),
]
HIDDEN = [
    (9, "not valid yet"),
    (10, "expired"),
    (62, "wrong name"),
    (64, "wrong name"),
    (66, "too weak"),
    (67, "too weak"),
    (68, "too weak"),
    (0, "did not finish"),
]


@pytest.mark.parametrize(("seen", "word"), [row[1:] for row in CAUGHT], ids=[row[0] for row in CAUGHT])
def test_caught(seen: TlsSeen, word: str) -> None:
    severity = "critical" if word == "traefik-default-cert" else "high"
    assert verdicts(CHECK, observation(tls=seen)) == [(word, severity)]


@pytest.mark.parametrize(("code", "reason"), HIDDEN)
def test_other_faults_hide_whether_it_is_trusted(code: int, reason: str) -> None:
    (finding,) = judged(CHECK, observation(tls=untrusted(code)))
    assert finding.outcome is Outcome.UNKNOWN
    assert reason in finding.message


@pytest.mark.parametrize("seen", [tls(), tls(chain=()), tls(leaf=SELF), tls(chain=(certificate(),))])
def test_fine(seen: TlsSeen) -> None:
    """Also a self-signed one that `--ca-file` names, and a chain that this machine completes for itself."""
    assert words(CHECK, observation(tls=seen)) == ["ok"]


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    assert words(CHECK, seen) == ["not-seen"]


@pytest.mark.parametrize(("code", "word"), [(47, "name constraints"), (48, "name constraints"), (26, "serverAuth")])
def test_why_openssl_refuses_it_decides_what_to_do(code: int, word: str) -> None:
    (finding,) = judged(CHECK, observation(tls=untrusted(code, "no")))
    assert finding.verdict == "cert-rejected"
    assert word in finding.hint


def test_a_chain_that_could_not_be_read_is_still_refused() -> None:
    (finding,) = judged(CHECK, observation(tls=untrusted(20, "unable to get local issuer certificate", chain=())))
    assert finding.verdict == "cert-rejected"
    assert "unable to get local issuer" in finding.message
    assert words(CHECK, observation(tls=untrusted(10, chain=()))) == ["not-seen"]
    assert words(CHECK, observation(tls=untrusted(0, chain=()))) == ["not-seen"]


@pytest.mark.parametrize("ca", ["letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory"])
def test_staging_is_good_where_the_spec_wants_it(ca: str) -> None:
    (finding,) = judged(CHECK, observation(tls=untrusted(20, leaf=STAGING), endpoint=endpoint(ca=ca)))
    assert finding.outcome is Outcome.PASS
    assert "no browser trusts it" in finding.message


def test_staging_that_is_trusted_by_a_file_is_good_where_nobody_wants_otherwise() -> None:
    assert words(CHECK, observation(tls=tls(leaf=STAGING), endpoint=endpoint(ca=""))) == ["ok"]
    assert words(CHECK, observation(tls=untrusted(20, leaf=STAGING), endpoint=endpoint(ca=""))) == ["staging-issuer"]


def test_the_spec_wants_staging_and_it_is_something_else() -> None:
    wanted = endpoint(ca="letsencrypt-staging")
    assert words(CHECK, observation(tls=untrusted(18, chain=(DEFAULT,)), endpoint=wanted)) == ["traefik-default-cert"]
    assert words(CHECK, observation(tls=untrusted(20, chain=(PRIVATE,)), endpoint=wanted)) == ["untrusted-ca"]


def test_it_names_issuers_and_cures() -> None:
    def said(seen: TlsSeen, **changes: Any) -> tuple[str, str]:
        (finding,) = judged(CHECK, observation(tls=seen, **changes))
        return finding.message, finding.hint

    message, hint = said(untrusted(20, chain=(certificate(),), missing_issuer=intermediate()))
    assert message == "the server does not send the certificate of its issuer `YE1`"
    assert "fullchain.pem" in hint
    other = intermediate(common_name="ISRG Root YE")
    message, _ = said(untrusted(20, chain=(certificate(), intermediate()), missing_issuer=other))
    assert message == "`ISRG Root YE` is missing from the chain"
    message, hint = said(untrusted(20, chain=(PRIVATE,)))
    assert message == "the certificate is from `Office CA 2`, which this machine does not trust"
    assert "--ca-file" in hint
    assert "intermediate" in hint
    between = intermediate(subject="CN=Office CA 2,O=Office", issuer=OFFICE.subject, common_name="Office CA 2")
    message, hint = said(untrusted(19, chain=(PRIVATE, OFFICE, between)))
    assert "its chain ends at `Office CA`" in message
    stray = intermediate(subject="CN=Stray", common_name="Stray", issuer_name="A Root That Is Trusted")
    message, _ = said(untrusted(20, chain=(PRIVATE, stray)))
    assert "Trusted" not in message
    assert "intermediate" not in hint
    _, hint = said(untrusted(20, chain=(PRIVATE,)), endpoint=endpoint(kind=Kind.TCP, ca="", web_port=None))
    assert "the service's own" in hint
    message, hint = said(untrusted(18, chain=(DEFAULT,)))
    assert "ACME hasn't issued" in message
    assert "edgegen logs traefik" in hint


def test_the_stand_in_of_a_host_that_no_router_knows() -> None:
    places = {"host": Location("edge.yaml", 9, 3), "acme": Location("edge.yaml", 3, 10)}
    shown = untrusted(18, chain=(DEFAULT,))
    seen = observation(tls=shown, answers=(traefik_404(),), endpoint=endpoint(places=places))
    (finding,) = judged(CHECK, seen)
    assert str(finding.where) == "edge.yaml:9:3"
    (waiting,) = judged(CHECK, observation(tls=shown, endpoint=endpoint(places=places)))
    assert str(waiting.where) == "edge.yaml:3:10"
    assert finding.verdict == "traefik-default-cert"
    assert "no router knows this host" in finding.message


def test_the_stand_in_at_one_address() -> None:
    other = address_seen(OTHER_ADDRESS, tls=untrusted(18, chain=(DEFAULT,)))
    (finding,) = judged(CHECK, observation(address_seen(), other))
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")


def test_words_of_others_command_no_terminal() -> None:
    hostile = certificate(issuer="CN=\x1b[31mred", issuer_name="\x1b[31mred" + "x" * 500)
    (finding,) = judged(CHECK, observation(tls=untrusted(20, chain=(hostile,))))
    assert "\x1b" not in finding.message
    assert len(finding.message) < 200


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CN=a,O=b,C=US", [("CN", "a"), ("O", "b"), ("C", "US")]),
        (r"O=Sectigo\, Limited", [("O", "Sectigo, Limited")]),
        (r"CN=a\+b+O=c", [("CN", "a+b"), ("O", "c")]),
        (r"O=caf\C3\A9", [("O", "café")]),
        ("O=a=b", [("O", "a=b")]),
        ("2.5.4.97=#0c01", [("2.5.4.97", "#0c01")]),
        ("", []),
        (r"\\", []),
        ("CN=trailing\\", [("CN", "trailing")]),
    ],
)
def test_distinguished_names(name: str, expected: list[tuple[str, str]]) -> None:
    assert list(attributes(name)) == expected


def test_the_organisation_of_a_name() -> None:
    assert organisation("CN=O=x,O=Let's Encrypt") == "Let's Encrypt"
    assert organisation("CN=alone") == ""


def test_browsers_want_a_key_that_may_sign() -> None:
    """OpenSSL and Go don't look at it, and an authority of one's own often leaves it out."""
    seen = tls(leaf=certificate(may_sign=False))
    assert verdicts(CHECK, observation(tls=seen)) == [("cert-rejected", "high")]
    for kind in (Kind.REGISTRY, Kind.TLS, Kind.TCP):
        assert words(CHECK, observation(tls=seen, endpoint=endpoint(kind=kind))) == ["ok"]
    hidden = untrusted(10, leaf=certificate(may_sign=False))
    assert words(CHECK, observation(tls=hidden)) == ["not-seen"]
