"""Certificate authorities for tests: any names, dates, keys and faults; made by `cryptography`, not by edgegen.

root = Authority.root("Test Root")
middle = root.intermediate("Test R1")
good = middle.issue("a.test", "*.b.test")          # sends its intermediate
good.alone()                                       # leaf only: an incomplete chain
middle.issue("a.test", days=(-90, -1))             # expired yesterday
good.context(maximum="TLSv1.1")                    # a server's context
"""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
import warnings
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

TRAEFIK_DEFAULT = "TRAEFIK DEFAULT CERT"
_SIGNS = x509.KeyUsage(
    digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
)  # fmt: skip
"""What an authority's own key is for."""
# Mozilla's intermediate configuration for TLS 1.2: what a right server takes.
GOOD_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384"
_SHA256_RSA = bytes.fromhex("2a864886f70d01010b")
_SHA1_RSA = bytes.fromhex("2a864886f70d010105")


def make_key(kind: str = "ec") -> Any:
    """A new private key: `ec` (P-256), `ec384`, `ed25519`, `rsa1024`, `rsa2048` …"""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP384R1() if kind == "ec384" else ec.SECP256R1())


@cache
def leaf_key(kind: str) -> Any:
    """One key of a kind for all servers: RSA keys take long to make."""
    return make_key(kind)


@dataclass(frozen=True)
class Issued:
    """A server's certificate, its key, and what is sent after it."""

    certificate: x509.Certificate
    key: Any
    sent: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The chain as it is sent."""
        return b"".join(item.public_bytes(serialization.Encoding.PEM) for item in (self.certificate, *self.sent))

    @property
    def key_pem(self) -> bytes:
        return bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def alone(self) -> Issued:
        """The same, without its intermediates."""
        return replace(self, sent=())

    def with_sent(self, *certificates: x509.Certificate) -> Issued:
        """The same, with other certificates after it."""
        return replace(self, sent=certificates)

    def context(
        self,
        *,
        minimum: str = "TLSv1.2",
        maximum: str = "TLSv1.3",
        ciphers: str = "",
        alpn: tuple[str, ...] = ("http/1.1",),
    ) -> ssl.SSLContext:
        """A server's context. Protocols by name (`TLSv1`, `TLSv1.1` …); old ones get `ALL:@SECLEVEL=0`.

        Without `ciphers` a server of TLS 1.2 takes good ones only. Weak ones: `AES128-SHA`, `ECDHE+AES` …
        """
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.minimum_version = _version(minimum)
            made.maximum_version = _version(maximum)
        old = minimum in ("TLSv1", "TLSv1.1")
        made.set_ciphers(ciphers or ("ALL:@SECLEVEL=0" if old else f"{GOOD_CIPHERS}:@SECLEVEL=0"))
        if alpn:
            made.set_alpn_protocols(list(alpn))
        with tempfile.TemporaryDirectory() as folder:
            chain, key = Path(folder, "chain.pem"), Path(folder, "key.pem")
            chain.write_bytes(self.pem)
            key.write_bytes(self.key_pem)
            made.load_cert_chain(chain, key)
        return made


@dataclass(frozen=True)
class Authority:
    """A certificate authority that issues what a test asks for."""

    certificate: x509.Certificate
    key: Any
    parent: Authority | None = None
    issued: list[x509.Certificate] = field(default_factory=list)

    @classmethod
    def root(cls, name: str = "Test Root", *, organisation: str = "", key: str = "ec") -> Authority:
        made = make_key(key)
        subject = _name(name, organisation)
        certificate = _sign(_builder(subject, subject, made, (-365, 3650), is_ca=True), made)
        return cls(certificate, made)

    def intermediate(
        self, name: str = "Test R1", *, organisation: str = "", key: str = "ec", aia: str = "", days: Any = (-30, 1000)
    ) -> Authority:
        made = make_key(key)
        builder = _builder(_name(name, organisation), self.certificate.subject, made, days, is_ca=True, aia=aia)
        return Authority(_sign(builder, self.key), made, self)

    def issue(
        self,
        *names: str,
        common_name: str | None = None,
        organisation: str = "",
        days: tuple[float, float] = (-10, 80),
        key: str = "ec",
        aia: str = "",
        digest: str = "sha256",
    ) -> Issued:
        """A certificate for names and addresses. `days`: its begin and end from now. `common_name` "": none.

        Without `names` it has no SAN at all. `digest` `sha1` needs an authority with an RSA key.
        """
        private = leaf_key(key)
        shown = (names[0] if names else "") if common_name is None else common_name
        builder = _builder(_name(shown, organisation), self.certificate.subject, private, days, names=names, aia=aia)
        certificate = _sign_sha1(builder, self.key) if digest == "sha1" else _sign(builder, self.key)
        self.issued.append(certificate)
        return Issued(certificate, private, self.chain)

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """What a server sends: this authority and those above it, without the root."""
        return (self.certificate, *self.parent.chain) if self.parent else ()

    @property
    def top(self) -> Authority:
        return self.parent.top if self.parent else self

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def pkcs7(self) -> bytes:
        """The certificate as some authorities publish it: PKCS #7 in DER."""
        return pkcs7.serialize_certificates([self.certificate], serialization.Encoding.DER)

    def write(self, folder: Path) -> str:
        """The root as a PEM file, for `--ca-file`."""
        file = folder / "ca.pem"
        file.write_bytes(self.top.pem)
        return str(file)


def self_signed(*names: str, common_name: str | None = None, key: str = "ec", days: Any = (-10, 80)) -> Issued:
    """Signed by its own key."""
    private = leaf_key(key)
    subject = _name((names[0] if names else "") if common_name is None else common_name, "")
    return Issued(_sign(_builder(subject, subject, private, days, names=names), private), private)


def traefik_default() -> Issued:
    """What Traefik serves as long as it has nothing better."""
    return self_signed("0123456789abcdef.fedcba9876543210.traefik.default", common_name=TRAEFIK_DEFAULT)


def _version(name: str) -> ssl.TLSVersion:
    return ssl.TLSVersion[name.replace(".", "_")]


def _name(common_name: str, organisation: str) -> x509.Name:
    parts = [(NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common_name)]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: Any,
    days: tuple[float, float],
    *,
    names: tuple[str, ...] = (),
    is_ca: bool = False,
    aia: str = "",
) -> x509.CertificateBuilder:
    now = datetime.now(UTC).replace(microsecond=0)
    made = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if is_ca:
        made = made.add_extension(_SIGNS, critical=True)
    else:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
    if aia:
        where = x509.UniformResourceIdentifier(aia)
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, where)
        made = made.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    return made


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _sign(builder: x509.CertificateBuilder, key: Any) -> x509.Certificate:
    # Strict verifiers (RFC 5280, 4.2.1.1) ask every certificate for the key that has signed it.
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    builder = builder.add_extension(signer, critical=False)
    return builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def _sign_sha1(builder: x509.CertificateBuilder, key: Any) -> x509.Certificate:
    """The library signs no certificate with SHA-1 any more: the two object identifiers differ in one byte."""
    made = _sign(builder, key)
    old_body = made.tbs_certificate_bytes
    body = old_body.replace(_SHA256_RSA, _SHA1_RSA)
    whole = made.public_bytes(serialization.Encoding.DER).replace(old_body, body).replace(_SHA256_RSA, _SHA1_RSA)
    signature = key.sign(body, padding.PKCS1v15(), hashes.SHA1())
    return x509.load_der_x509_certificate(whole.replace(made.signature, signature))
