"""The issuer that a server did not send: fetched, seen elsewhere, or known; and proved by OpenSSL."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from edgegen.certificates.certificate import CertificateSeen
from edgegen.endpoints import Endpoint
from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.verify.look.issuer import certificates_in, learn, missing_issuer, settled
from edgegen.verify.look.tls import open_tls
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import AddressSeen, Observation, TlsSeen
from tests.fakes import tls_scripts as say
from tests.fakes.authority_of_tests import Authority, Issued, self_signed
from tests.fakes.tls_scripts import Answer, Handler, Request
from tests.fakes.tls_servers import Server, Servers, Site
from tests.verify.look.conftest import HOST, Pki, line

PUBLISHED = "http://issuers.test/r1.der"


class Library:
    """Where an authority publishes its certificates."""

    def __init__(self, servers: Servers, files: dict[str, Answer] | Handler) -> None:
        def handle(request: Request) -> Answer | say.Script:
            return files.get(request.path, Answer(404)) if isinstance(files, dict) else files(request)

        self.server = servers.http(handle)
        self.asked: list[tuple[str, int]] = []

    def lead(self, host: str, port: int) -> tuple[str, int] | Failure:
        self.asked.append((host, port))
        return "127.0.0.1", self.server.port


def nowhere(host: str, port: int) -> Failure:
    return Failure(Trouble.UNREACHABLE, Phase.CONNECT, f"{host}:{port} is not public")


def found(server: Server, trust: Trust, lead: object, *, code: int = 20) -> CertificateSeen | None:
    where = line(server.port, seconds=60)
    opened = open_tls(where, trust, http=True)
    assert not isinstance(opened, Failure)
    assert opened.stream is not None
    opened.stream.close()
    assert opened.seen.verify_code == code
    return missing_issuer(opened.chain, where, trust, lead)  # type: ignore[arg-type]


def leaf(authority: Authority, **more: object) -> Issued:
    return authority.issue(HOST, aia=PUBLISHED, **more).alone()  # type: ignore[arg-type]


FORMS = {
    "DER": lambda authority: authority.der,
    "PEM": lambda authority: authority.pem,
    "PKCS #7": lambda authority: authority.pkcs7,
    "PKCS #7 in PEM": lambda authority: pkcs7.serialize_certificates([authority.certificate], Encoding.PEM),
}


@pytest.mark.parametrize("form", FORMS)
def test_it_is_fetched_from_where_the_certificate_says(servers: Servers, trust: Trust, pki: Pki, form: str) -> None:
    library = Library(servers, {"/r1.der": Answer(body=FORMS[form](pki.middle))})
    got = found(servers.tls(Site(leaf(pki.middle))), trust, library.lead)
    assert got is not None
    assert (got.subject, got.issuer) == ("CN=Test R1", "CN=Test Root")
    assert library.asked == [("issuers.test", 80)]
    request = library.server.requests[0]
    assert (request.method, request.path, request.headers["host"]) == ("GET", "/r1.der", "issuers.test")


def test_it_is_fetched_once_for_all_hosts(servers: Servers, trust: Trust, pki: Pki) -> None:
    library = Library(servers, {"/r1.der": Answer(body=pki.middle.der)})
    server = servers.tls(Site(leaf(pki.middle)))
    assert found(server, trust, library.lead) == found(server, trust, library.lead)
    assert len(library.server.requests) == 1


def test_another_fault_of_the_certificate_does_not_hide_it(servers: Servers, trust: Trust, pki: Pki) -> None:
    library = Library(servers, {"/r1.der": Answer(body=pki.middle.der)})
    server = servers.tls(Site(leaf(pki.middle, days=(-90, -1))))
    got = found(server, trust, library.lead)
    assert got is not None
    assert got.subject == "CN=Test R1"


def test_several_steps_are_fetched(servers: Servers, trust: Trust, pki: Pki) -> None:
    upper = pki.root.intermediate("Upper")
    lower = upper.intermediate("Lower", aia="http://issuers.test/upper.der")
    library = Library(servers, {"/r1.der": Answer(body=lower.der), "/upper.der": Answer(body=upper.der)})
    got = found(servers.tls(Site(leaf(lower))), trust, library.lead)
    assert got is not None
    assert got.subject == "CN=Lower"


def test_a_gap_further_up_is_one_as_well(servers: Servers, trust: Trust, pki: Pki) -> None:
    upper = pki.root.intermediate("Upper")
    lower = upper.intermediate("Lower", aia="http://issuers.test/upper.der")
    library = Library(servers, {"/upper.der": Answer(body=upper.der)})
    got = found(servers.tls(Site(lower.issue(HOST).with_sent(lower.certificate))), trust, library.lead)
    assert got is not None
    assert got.subject == "CN=Upper"


def test_an_issuer_of_a_private_authority_completes_nothing(servers: Servers, trust: Trust, pki: Pki) -> None:
    library = Library(servers, {"/r1.der": Answer(body=pki.stranger.der)})
    assert found(servers.tls(Site(leaf(pki.stranger))), trust, library.lead) is None
    assert library.server.requests


def test_a_certificate_of_the_same_name_with_another_key_is_not_it(servers: Servers, trust: Trust, pki: Pki) -> None:
    library = Library(servers, {"/r1.der": Answer(body=pki.root.intermediate("Test R1").der)})
    assert found(servers.tls(Site(leaf(pki.middle))), trust, library.lead) is None


def test_a_root_that_is_sent_or_a_self_signed_one_has_no_issuer(servers: Servers, trust: Trust, pki: Pki) -> None:
    library = Library(servers, {})
    whole = pki.stranger.issue(HOST, aia=PUBLISHED).with_sent(pki.stranger.certificate, pki.stranger.top.certificate)
    assert found(servers.tls(Site(whole)), trust, library.lead, code=19) is None
    assert found(servers.tls(Site(self_signed(HOST))), trust, library.lead, code=18) is None
    assert library.asked == []


WRONG: dict[str, Handler] = {
    "404": lambda _: Answer(404, body=b"no"),
    "a redirect": lambda _: say.redirect("http://169.254.169.254/"),
    "no certificate": lambda _: Answer(body=b"<html>"),
    "nothing": lambda _: Answer(body=b""),
    "endless": lambda _: say.endless_body,
    "larger than 64 KiB": lambda _: Answer(body=bytes(65 * 1024)),
    "RST": lambda _: say.reset,
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_fetched_can_be_anything(servers: Servers, trust: Trust, pki: Pki, case: str) -> None:
    library = Library(servers, WRONG[case])
    assert found(servers.tls(Site(leaf(pki.middle))), trust, library.lead) is None
    assert len(library.server.requests) == 1


@pytest.mark.parametrize(
    "url",
    ["https://issuers.test/r1.der", "ldap://issuers.test/", "http://u:p@issuers.test/r1.der", "http://[/", "http:///x"],
)
def test_only_plain_http_is_fetched(servers: Servers, trust: Trust, pki: Pki, url: str) -> None:
    library = Library(servers, {"/r1.der": Answer(body=pki.middle.der)})
    assert found(servers.tls(Site(pki.middle.issue(HOST, aia=url).alone())), trust, library.lead) is None
    assert library.asked == []


def test_where_it_may_not_be_fetched_it_is_not_known(servers: Servers, trust: Trust, pki: Pki) -> None:
    assert found(servers.tls(Site(leaf(pki.middle))), trust, nowhere) is None


def test_one_that_another_host_sent_is_known(servers: Servers, trust: Trust, pki: Pki) -> None:
    learn((pki.middle.issue("b.test").der, pki.middle.der), trust)
    got = found(servers.tls(Site(pki.middle.issue(HOST).alone())), trust, nowhere)
    assert got is not None
    assert got.subject == "CN=Test R1"


def test_what_did_not_sign_is_not_learnt(servers: Servers, trust: Trust, pki: Pki) -> None:
    learn((pki.middle.issue("b.test").der, pki.root.intermediate("Test R1").der), trust)
    assert found(servers.tls(Site(pki.middle.issue(HOST).alone())), trust, nowhere) is None


def test_in_the_end_the_order_of_the_hosts_does_not_matter(servers: Servers, trust: Trust, pki: Pki) -> None:
    server = servers.tls(Site(pki.middle.issue(HOST).alone()))
    opened = open_tls(line(server.port), trust, http=True)
    assert not isinstance(opened, Failure)
    assert opened.stream is not None
    opened.stream.close()
    assert missing_issuer(opened.chain, line(server.port), trust, nowhere) is None
    seen = Observation(Endpoint("a", HOST), addresses=(AddressSeen("127.0.0.1", tls=opened.seen),))
    assert settled(seen, trust) is seen
    learn((pki.middle.issue("b.test").der, pki.middle.der), trust)
    tls = settled(seen, trust).addresses[0].tls
    assert tls is not None
    assert tls.missing_issuer is not None
    assert tls.missing_issuer.subject == "CN=Test R1"


def test_what_is_whole_is_left_as_it_is(trust: Trust) -> None:
    tls = (TlsSeen(verified=True), TlsSeen(verify_code=10), TlsSeen(verify_code=20), None)
    seen = Observation(Endpoint("a", HOST), addresses=tuple(AddressSeen("127.0.0.1", tls=one) for one in tls))
    assert settled(seen, trust) is seen


@pytest.mark.parametrize(
    ("name", "organisation", "known"),
    [
        ("YE1", "Let's Encrypt", True),
        ("YR2", "Let's Encrypt", True),
        ("E8", "Let's Encrypt", True),
        ("R14", "Let's Encrypt", True),
        ("R3", "Let's Encrypt", False),
        ("YE1", "Somebody", False),
        ("(STAGING) Riddling Rhubarb R12", "(STAGING) Let's Encrypt", False),
    ],
)
def test_lets_encrypts_own_are_known_by_name(
    servers: Servers, trust: Trust, name: str, organisation: str, known: bool
) -> None:
    issuer = Authority.root("Root YE").intermediate(name, organisation=organisation)
    got = found(servers.tls(Site(issuer.issue(HOST).alone())), trust, nowhere)
    assert (got is not None) == known
    if got is not None:
        assert (got.common_name, got.subject) == (name, f"CN={name},O=Let's Encrypt")


def test_bytes_of_anything() -> None:
    assert certificates_in(b"") is None
    assert certificates_in(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") is None
    assert certificates_in(bytes(1000)) is None
