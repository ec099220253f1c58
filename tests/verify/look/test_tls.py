"""Every way in which TLS can be right or wrong, by real servers: what is seen of each, raw."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError
from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.net.tls import shake
from edgegen.verify.look.tls import chain_of, open_tls
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import TlsSeen
from tests.fakes import tls_scripts as say
from tests.fakes.authority_of_tests import TRAEFIK_DEFAULT, Authority, Issued, self_signed, traefik_default
from tests.fakes.tls_scripts import Script
from tests.fakes.tls_servers import Servers, Site
from tests.verify.look.conftest import HOST, Pki, line


def seen_at(port: int, trust: Trust, *, host: str = HOST, http: bool = True, seconds: float = 60.0) -> TlsSeen:
    opened = open_tls(line(port, host=host, seconds=seconds), trust, http=http)
    assert not isinstance(opened, Failure)
    if opened.stream is not None:
        opened.stream.close()
    return opened.seen


def failed_at(port: int, trust: Trust, seconds: float = 60.0) -> Failure:
    seen = seen_at(port, trust, seconds=seconds)
    assert seen.failure is not None
    assert not seen.verified
    assert seen.failure.phase is Phase.TLS
    return seen.failure


@pytest.mark.parametrize(
    ("key", "minimum", "maximum"),
    [("ec", "TLSv1.2", "TLSv1.3"), ("ec", "TLSv1.3", "TLSv1.3"), ("rsa2048", "TLSv1.2", "TLSv1.2")],
)
def test_a_good_certificate(servers: Servers, trust: Trust, pki: Pki, key: str, minimum: str, maximum: str) -> None:
    site = Site(pki.middle.issue(HOST, "*.b.test", key=key), minimum=minimum, maximum=maximum)
    server = servers.tls(site)
    seen = seen_at(server.port, trust)
    assert (seen.verified, seen.verify_code, seen.failure) == (True, 0, None)
    assert (seen.protocol, seen.alpn) == (maximum, "http/1.1")
    assert seen.cipher
    assert [item.subject for item in seen.chain] == ["CN=a.test", "CN=Test R1"]
    assert server.names == [HOST]
    assert seen_at(server.port, trust, host="x.b.test").verified
    assert seen_at(server.port, trust, host="x.y.b.test").verify_code == 62  # a wildcard stands for one label


@pytest.mark.parametrize("suite", ["ECDHE-RSA-AES256-SHA384", "AES128-SHA256", "ECDHE-RSA-CAMELLIA128-SHA256"])
def test_suites_that_browsers_do_not_have(servers: Servers, trust: Trust, pki: Pki, suite: str) -> None:
    """OpenSSL has them, and Python offers the first two."""
    site = Site(pki.middle.issue(HOST, key="rsa2048"), maximum="TLSv1.2", ciphers=suite)
    failure = failed_at(servers.tls(site).port, trust)
    assert failure.trouble is Trouble.ALERT
    assert failure.detail == f"it accepts only suites like {suite}, which browsers do not offer"


def test_what_is_not_for_browsers_may_have_more_suites(servers: Servers, trust: Trust, pki: Pki) -> None:
    suite = "ECDHE-RSA-AES256-SHA384"
    server = servers.tls(Site(pki.middle.issue(HOST, key="rsa2048"), maximum="TLSv1.2", ciphers=suite))
    assert seen_at(server.port, trust, http=False).cipher == suite


@pytest.mark.parametrize("suite", ["ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256", "AES256-SHA"])
def test_old_suites_that_browsers_still_have(servers: Servers, trust: Trust, pki: Pki, suite: str) -> None:
    site = Site(pki.middle.issue(HOST, key="rsa2048"), maximum="TLSv1.2", ciphers=suite)
    seen = seen_at(servers.tls(site).port, trust)
    assert (seen.verified, seen.cipher) == (True, suite)


Make = Callable[[Pki], Issued]
UNTRUSTED: dict[str, tuple[Make, int]] = {
    "expired": (lambda pki: pki.middle.issue(HOST, days=(-90, -1)), 10),
    "not yet valid": (lambda pki: pki.middle.issue(HOST, days=(1, 90)), 9),
    "self-signed": (lambda _: self_signed(HOST), 18),
    "traefik's default": (lambda _: traefik_default(), 18),
    "another name": (lambda pki: pki.middle.issue("b.test"), 62),
    "a common name alone": (lambda pki: pki.middle.issue(common_name=HOST), 62),
    "a private authority": (lambda pki: pki.stranger.issue(HOST), 20),
    "a private authority with its root": (
        lambda pki: pki.stranger.issue(HOST).with_sent(pki.stranger.certificate, pki.stranger.top.certificate),
        19,
    ),
    "no intermediate": (lambda pki: pki.middle.issue(HOST).alone(), 20),
    "an intermediate that expired": (lambda pki: pki.root.intermediate("Old", days=(-90, -1)).issue(HOST), 10),
}


@pytest.mark.parametrize("case", UNTRUSTED)
def test_what_is_refused_is_read_all_the_same(servers: Servers, trust: Trust, pki: Pki, case: str) -> None:
    make, code = UNTRUSTED[case]
    issued = make(pki)
    server = servers.tls(Site(issued))
    seen = seen_at(server.port, trust)
    assert (seen.verified, seen.verify_code, seen.failure) == (False, code, None)
    assert seen.verify_message
    assert [item.serial.lstrip("0") for item in seen.chain] == [
        f"{item.serial_number:x}" for item in (issued.certificate, *issued.sent)
    ]
    assert seen.protocol == "TLSv1.3"
    assert server.connections == 2


def test_the_staging_authority_is_seen_by_its_name(servers: Servers, trust: Trust) -> None:
    staging = Authority.root("(STAGING) Pretend Pear X1", organisation="(STAGING) Internet Security Research Group")
    middle = staging.intermediate("(STAGING) Riddling Rhubarb R12", organisation="(STAGING) Let's Encrypt")
    seen = seen_at(servers.tls(Site(middle.issue(HOST))).port, trust)
    assert seen.verify_code == 20
    assert seen.certificate is not None
    assert seen.certificate.issuer_name == "(STAGING) Riddling Rhubarb R12"


def test_traefiks_default_certificate(servers: Servers, trust: Trust) -> None:
    certificate = seen_at(servers.tls(Site(traefik_default())).port, trust).certificate
    assert certificate is not None
    assert (certificate.common_name, certificate.self_signed) == (TRAEFIK_DEFAULT, True)


def test_weak_keys_pass_and_are_seen(servers: Servers, trust: Trust, pki: Pki) -> None:
    seen = seen_at(servers.tls(Site(pki.middle.issue(HOST, key="rsa1024"))).port, trust)
    assert seen.verified
    assert seen.certificate is not None
    assert (seen.certificate.key, seen.certificate.key_bits) == ("RSA 1024", 1024)


def test_sha1_is_refused_by_openssl_and_seen(servers: Servers, tmp_path: Path) -> None:
    root = Authority.root(key="rsa2048")
    issued = root.intermediate(key="rsa2048").issue(HOST, digest="sha1")
    seen = seen_at(servers.tls(Site(issued)).port, Trust.load(root.write(tmp_path)))
    assert (seen.verified, seen.verify_code) == (False, 68)
    assert seen.certificate is not None
    assert seen.certificate.signature == "sha1"


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1.1"])
def test_old_protocols_alone(servers: Servers, trust: Trust, pki: Pki, version: str) -> None:
    server = servers.tls(Site(pki.middle.issue(HOST, key="rsa2048"), minimum="TLSv1", maximum=version))
    seen = seen_at(server.port, trust)
    assert seen.failure is not None
    assert (seen.failure.trouble, seen.failure.phase) == (Trouble.OLD_TLS, Phase.TLS)
    assert seen.failure.detail == "TLSV1_ALERT_PROTOCOL_VERSION"
    assert seen.old_protocol == version


def test_a_weak_suite_alone_is_a_handshake(servers: Servers, trust: Trust, pki: Pki) -> None:
    site = Site(pki.middle.issue(HOST, key="rsa2048"), maximum="TLSv1.2", ciphers="AES128-SHA:@SECLEVEL=0")
    seen = seen_at(servers.tls(site).port, trust)
    assert (seen.verified, seen.cipher) == (True, "AES128-SHA")


def test_an_unknown_name_is_an_alert(servers: Servers, trust: Trust, pki: Pki) -> None:
    failure = failed_at(servers.tls({"b.test": Site(pki.middle.issue("b.test"))}).port, trust)
    assert (failure.trouble, failure.detail) == (Trouble.ALERT, "TLSV1_UNRECOGNIZED_NAME")


def test_plain_http_on_the_port(servers: Servers, trust: Trust) -> None:
    failure = failed_at(servers.http().port, trust)
    assert (failure.trouble, failure.detail) == (Trouble.NOT_TLS, "it speaks plain HTTP")


FAILURES: dict[str, tuple[Script, Trouble]] = {
    "another protocol that speaks first": (say.not_http, Trouble.NOT_TLS),
    "RST": (say.reset, Trouble.RESET),
    "FIN": (say.hang_up, Trouble.CLOSED),
    "an alert without a handshake": (say.raw(bytes.fromhex("15030300020228")), Trouble.ALERT),
}


@pytest.mark.parametrize("case", FAILURES)
def test_handshakes_that_come_to_nothing(servers: Servers, trust: Trust, case: str) -> None:
    script, trouble = FAILURES[case]
    failure = failed_at(servers.tcp(script).port, trust)
    assert failure.trouble is trouble
    assert failure.detail


@pytest.mark.slow
@pytest.mark.parametrize("dripping", [False, True])
def test_silence_and_dripping_end_at_the_deadline(servers: Servers, trust: Trust, pki: Pki, dripping: bool) -> None:
    silent = servers.tcp(say.silence)
    server = servers.dripping_handshake(Site(pki.middle.issue(HOST)), every=0.1) if dripping else silent
    started = time.monotonic()
    failure = failed_at(server.port, trust, 1.0)
    assert 0.9 < time.monotonic() - started < 20
    assert failure.trouble is Trouble.TIMEOUT


def test_a_closed_port_is_a_failure_to_connect(servers: Servers, trust: Trust) -> None:
    got = open_tls(line(servers.closed_port()), trust, http=True)
    assert isinstance(got, Failure)
    assert (got.trouble, got.phase) == (Trouble.REFUSED, Phase.CONNECT)


def test_an_address_as_host_sends_no_name_and_is_sought_in_the_san(servers: Servers, trust: Trust, pki: Pki) -> None:
    server = servers.tls({"": Site(pki.middle.issue("127.0.0.1", "::1", common_name=""))})
    assert seen_at(server.port, trust, host="127.0.0.1").verified
    assert seen_at(server.port, trust, host="::1").verified
    other = seen_at(server.port, trust, host="127.0.0.9")
    assert (other.verified, other.verify_code) == (False, 64)
    assert set(server.names) == {None}


def test_what_is_not_http_gets_no_alpn(servers: Servers, trust: Trust, pki: Pki) -> None:
    server = servers.tls(Site(pki.middle.issue(HOST), alpn=("postgresql",)))
    seen = seen_at(server.port, trust, http=False)
    assert (seen.verified, seen.alpn) == (True, "")


@pytest.mark.parametrize("host", ["", ".a.test", "a" * 64 + ".test"])
def test_names_that_no_handshake_can_ask_for(servers: Servers, trust: Trust, pki: Pki, host: str) -> None:
    port = servers.tls(Site(pki.middle.issue(HOST))).port
    assert isinstance(shake(trust.verified, line(port, host=host)), Failure)


def test_the_chain_is_the_same_from_each_of_pythons_functions(servers: Servers, trust: Trust, pki: Pki) -> None:
    class Public:
        """As sockets are from Python 3.13 on."""

        def get_unverified_chain(self) -> list[bytes]:
            return [b"one", b"two"]

    issued = pki.middle.issue(HOST)
    sock = shake(trust.verified, line(servers.tls(Site(issued)).port))
    assert isinstance(sock, ssl.SSLSocket)
    with sock:
        assert chain_of(sock) == (issued.der, pki.middle.der)
    assert chain_of(Public()) == (b"one", b"two")  # type: ignore[arg-type]


def test_where_python_has_no_such_function_the_servers_own_certificate_is_left(
    servers: Servers, trust: Trust, pki: Pki
) -> None:
    issued = pki.middle.issue(HOST)
    sock = shake(trust.verified, line(servers.tls(Site(issued)).port))
    assert isinstance(sock, ssl.SSLSocket)

    class Bare:
        def getpeercert(self, *, binary_form: bool) -> bytes | None:
            return sock.getpeercert(binary_form=binary_form)

    with sock:
        assert chain_of(Bare()) == (issued.der,)  # type: ignore[arg-type]


def test_the_systems_authorities_are_trusted_too(pki: Pki) -> None:
    assert len(Trust.load(pki.ca_file).verified.get_ca_certs()) == len(Trust.load(None).verified.get_ca_certs()) + 1


def test_a_machine_that_trusts_nobody_says_so(pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    for folder in (tmp_path / "none", tmp_path):
        monkeypatch.setenv("SSL_CERT_DIR", str(folder))
        with pytest.raises(LocalIOError, match="this machine has no certificate authorities"):
            Trust.load(None)
        assert Trust.load(pki.ca_file).verified.get_ca_certs()
    (tmp_path / "0123abcd.0").write_bytes(pki.root.pem)
    Trust.load(None)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_FILE", pki.ca_file)
    Trust.load(None)


def test_an_intermediate_as_authority_of_the_user_is_trusted(servers: Servers, pki: Pki, tmp_path: Path) -> None:
    file = tmp_path / "middle.pem"
    file.write_bytes(pki.stranger.pem)
    assert seen_at(servers.tls(Site(pki.stranger.issue(HOST))).port, Trust.load(str(file))).verified


@pytest.mark.parametrize(
    "text", [None, "", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_that_holds_no_authority(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    with pytest.raises(LocalIOError, match=r"ca\.pem"):
        Trust.load(str(file))


def test_a_context_never_trusts_a_common_name(trust: Trust) -> None:
    for context in (trust.verified, trust.verified_bare):
        assert not context.hostname_checks_common_name
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.slow
def test_two_hundred_looks_are_one(servers: Servers, trust: Trust, pki: Pki) -> None:
    port = servers.tls(Site(pki.middle.issue(HOST))).port
    assert len({seen_at(port, trust) for _ in range(200)}) == 1
