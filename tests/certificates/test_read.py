"""Certificates as data, right ones and broken ones: nothing raises, and what can be read is there."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from edgegen.certificates import read
from edgegen.certificates.certificate import CertificateSeen
from edgegen.certificates.read import issuer_addresses, load, read_chain, seen, signed_by
from tests.fakes.authority_of_tests import Authority, make_key, self_signed, traefik_default
from tests.verify.look.conftest import Pki


def test_a_whole_certificate(pki: Pki) -> None:
    issued = Authority.root("Root", organisation="Org, Inc.").issue(
        "A.Test", "*.b.test", "192.0.2.1", "2001:DB8::1", days=(-10, 80)
    )
    got = seen(issued.certificate)
    assert (got.subject, got.common_name) == ("CN=A.Test", "A.Test")
    assert (got.issuer, got.issuer_name) == (r"CN=Root,O=Org\, Inc.", "Root")
    assert got.names == ("a.test", "*.b.test", "192.0.2.1", "2001:db8::1")
    assert got.fingerprint == hashlib.sha256(issued.der).hexdigest()
    assert int(got.serial, 16) == issued.certificate.serial_number
    assert len(got.serial) % 2 == 0
    assert (got.key, got.key_bits, got.signature) == ("EC secp256r1", 256, "sha256")
    assert not got.self_signed
    assert got.not_after - got.not_before == timedelta(days=90)
    assert got.not_before.tzinfo is UTC
    assert abs(got.not_after - datetime.now(UTC) - timedelta(days=80)) < timedelta(minutes=5)


@pytest.mark.slow  # the program openssl
def test_what_openssl_says_of_the_same(pki: Pki, tmp_path: Path) -> None:
    """A reader that shares nothing with ours."""
    issued = pki.middle.issue("a.test", key="rsa2048")
    file = tmp_path / "a.pem"
    file.write_bytes(issued.alone().pem)
    words = ["openssl", "x509", "-in", str(file), "-noout", "-subject", "-issuer", "-serial", "-fingerprint", "-sha256"]
    told = subprocess.run([*words, "-nameopt", "RFC2253"], capture_output=True, text=True, check=True).stdout
    fields = dict(line.partition("=")[::2] for line in told.splitlines())
    got = seen(issued.certificate)
    assert (fields["subject"], fields["issuer"]) == (got.subject, got.issuer)
    assert fields["serial"].lower() == got.serial
    assert fields["sha256 Fingerprint"].replace(":", "").lower() == got.fingerprint


@pytest.mark.parametrize(
    ("kind", "key", "bits"),
    [
        ("ec", "EC secp256r1", 256),
        ("ec384", "EC secp384r1", 384),
        ("ed25519", "Ed25519", 256),
        ("rsa1024", "RSA 1024", 1024),
        ("rsa2048", "RSA 2048", 2048),
    ],
)
def test_keys(pki: Pki, kind: str, key: str, bits: int) -> None:
    got = seen(pki.middle.issue("a.test", key=kind).certificate)
    assert (got.key, got.key_bits) == (key, bits)


def test_a_key_that_is_only_for_rsa_pss_is_no_usual_one() -> None:
    """openssl genpkey -algorithm RSA-PSS: OpenSSL takes it, Go and browsers don't."""
    got = seen(x509.load_pem_x509_certificate(ONLY_PSS))
    assert (got.key, got.key_bits) == ("RSA-PSS 2048", 2048)


@pytest.mark.parametrize(
    ("usage", "may_sign"), [(None, True), ("digital_signature", True), ("key_encipherment", False)]
)
def test_key_usage(usage: str | None, may_sign: bool) -> None:
    key = make_key("rsa2048")
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "a.test")])
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    if usage is not None:
        names = ("digital_signature", "key_encipherment", "content_commitment", "data_encipherment", "key_agreement",
                 "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
        built = built.add_extension(x509.KeyUsage(**{one: one == usage for one in names}), critical=True)
    assert seen(built.sign(key, hashes.SHA256())).may_sign is may_sign


def test_authorities(pki: Pki) -> None:
    root, middle = seen(pki.root.certificate), seen(pki.middle.certificate)
    assert (root.self_signed, middle.self_signed) == (True, False)


def test_self_signed_means_signed_by_its_own_key() -> None:
    assert seen(self_signed("a.test").certificate).self_signed
    assert seen(self_signed("a.test", key="ed25519").certificate).self_signed
    assert seen(traefik_default().certificate).self_signed
    only_by_name = Authority.root("a.test").issue("a.test")
    assert seen(only_by_name.certificate).issuer == seen(only_by_name.certificate).subject
    assert not seen(only_by_name.certificate).self_signed


def test_sha1_is_read_and_checked() -> None:
    authority = Authority.root(key="rsa2048")
    issued = authority.issue("a.test", digest="sha1").certificate
    assert seen(issued).signature == "sha1"
    assert signed_by(issued, authority.certificate)
    assert not signed_by(issued, Authority.root(key="rsa2048").certificate)


def test_signed_by(pki: Pki) -> None:
    issued = pki.middle.issue("a.test").certificate
    assert signed_by(issued, pki.middle.certificate)
    assert not signed_by(issued, pki.root.certificate)
    assert not signed_by(issued, pki.root.intermediate("Test R1").certificate)


def test_without_names_and_without_a_common_name(pki: Pki) -> None:
    bare = seen(pki.middle.issue(common_name="").certificate)
    assert (bare.subject, bare.common_name, bare.names) == ("", "", ())


def test_an_issuer_without_a_common_name_is_called_by_its_organisation() -> None:
    got = seen(Authority.root("", organisation="Some Org").issue("a.test").certificate)
    assert got.issuer_name == "Some Org"


def test_where_the_issuer_is_published(pki: Pki) -> None:
    url = "http://r1.i.example.net/"
    assert issuer_addresses(pki.middle.issue("a.test", aia=url).certificate) == (url,)
    assert issuer_addresses(pki.middle.issue("a.test").certificate) == ()


def test_a_chain_ends_where_a_certificate_is_none(pki: Pki) -> None:
    leaf = pki.middle.issue("a.test")
    assert [item.common_name for item in read_chain([leaf.der, pki.middle.der])] == ["a.test", "Test R1"]
    assert [item.common_name for item in read_chain([leaf.der, b"nonsense", pki.middle.der])] == ["a.test"]
    assert read_chain([]) == ()


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x82\xff\xff", b"-----BEGIN", bytes(10_000)])
def test_what_is_no_certificate(data: bytes) -> None:
    assert load(data) is None


@pytest.mark.slow
def test_broken_certificates_never_raise(pki: Pki) -> None:
    good = bytearray(pki.middle.issue("a.test", "192.0.2.1", aia="http://x.test/").der)
    chance = random.Random(7)
    readable = 0
    for _ in range(3000):
        broken = bytearray(good)
        for _ in range(chance.randint(1, 3)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        for item in read_chain([bytes(broken)]):
            readable += 1
            assert isinstance(item.subject, str)
        certificate = load(bytes(broken))
        if certificate is not None:
            issuer_addresses(certificate)
            signed_by(certificate, pki.middle.certificate)
    assert readable > 300


def test_an_intermediate_in_common_is_read_once(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    subjects: list[str] = []

    def spy(certificate: x509.Certificate) -> CertificateSeen:
        subjects.append(certificate.subject.rfc4514_string())
        return seen(certificate)

    monkeypatch.setattr(read, "seen", spy)
    middle = pki.root.intermediate("Common R1")
    for name in ("a.test", "b.test"):
        assert len(read_chain([middle.issue(name).der, middle.der])) == 2
    assert subjects == ["CN=a.test", "CN=Common R1", "CN=b.test"]


def test_a_strange_certificate_prints_nothing(pki: Pki) -> None:
    """The library warns of a negative serial number; that is nothing for a user's terminal."""
    issued = pki.middle.issue("a.test")
    der = bytearray(issued.der)
    serial = issued.certificate.serial_number.to_bytes(20, "big").lstrip(b"\0")
    der[der.index(serial)] = 0x81  # 0xff would be no shortest form, which is no certificate at all
    code = "import sys; from edgegen.certificates.read import read_chain; print(len(read_chain([%r])))"
    ran = subprocess.run([sys.executable, "-c", code % bytes(der)], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("1\n", "")


ONLY_PSS = b"""
-----BEGIN CERTIFICATE-----
MIICUjCCAfigAwIBAgIUHFnW2+3kAqcX75sLDVg2pvxDnTAwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCQ0EwIBcNMjYxMTI5MTgwMjA2WhgPMjEyNjExMDUxODAyMDZa
MAwxCjAIBgNVBAMMAXgwggEgMAsGCSqGSIb3DQEBCgOCAQ8AMIIBCgKCAQEAxHAj
hH5atysCV1lmce7kd3GJ4W89EOoyeRCYFYEH7pT1YjwL6QFzEnFXQbODG+HsdlR5
To+ztbhrwWf2Dd2KrJpp9S4D35hqXAIQYHkwSRtI6zDqC81K9BKaJl/mgdLa5dBc
3MYyARvatpa4riSx55isBrezTAja1H65PGaVuwfb1rV/XTosidJQaZ0VgO8Xm4ab
KjQ/wg+a9anZ4R1WBLA+EOkaRV0xh4kliL+32MKLolpZGJ79jtx2/o0aqTTEkYRU
sljsiQ5Z6GC5S5lq6GEQESPrWZ1dek2WtZHLBqgGVqK18UDlPpbi5OwnnhnKm+l1
SQgYfhnODaAtiUxtnwIDAQABo2wwajATBgNVHREEDDAKgghwc3MudGVzdDATBgNV
HSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQU3KE+qzChVvTSRr8pFxLA3EuLwDEw
HwYDVR0jBBgwFoAUu/mq6Ji0qCf26N/j793KdAQR728wCgYIKoZIzj0EAwIDSAAw
RQIgG85wn4shFi2FXwwCWU8JSCd3VlBz8qIGoFEfT4aVSX4CIQCtM4D5Yfyijqfs
UFa8aQac7RNgyerZgaBpU5WZ01uvhw==
-----END CERTIFICATE-----
"""
