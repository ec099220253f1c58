"""edgegen's own certificate authority and the certificates that it signs. Pure: time and keys are arguments.

Name constraints limit the authority: a stolen key can't be used to impersonate a bank.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from edgegen.certificates.certificate import lateness
from edgegen.certificates.read import seen, signed_by

Key = ec.EllipticCurvePrivateKey

ROOT_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=397)
"""Browsers accept at most 398 days, and Apple's systems count a started day as a whole one."""
_BEFORE = timedelta(hours=1)
"""Clocks of containers and browsers differ."""
_EVERYWHERE = tuple(map(ipaddress.ip_network, ("0.0.0.0/0", "::/0")))


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key = field(repr=False)

    def pem(self) -> bytes:
        """Both in one file, so that they always belong to the same renewal."""
        return self.public_pem() + self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def public_pem(self) -> bytes:
        """Only the certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def signed(self, leaf: x509.Certificate) -> bool:
        """Whether this authority signed a certificate."""
        return signed_by(leaf, self.certificate)

    def outside(self, names: Iterable[str]) -> list[str]:
        """The names that are outside the authority's name constraints."""
        domains = permitted(self.certificate)
        return [name for name in names if not any(_below(name, domain) for domain in domains)]


def new_key() -> Key:
    """A key that every browser accepts."""
    return ec.generate_private_key(ec.SECP256R1())


def read_pair(pem: bytes) -> Pair:
    """The certificate and key in one file. Raises ValueError if it does not hold a pair."""
    certificate = x509.load_pem_x509_certificate(pem)
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise ValueError("the key does not belong to the certificate")
    return Pair(certificate, key)


def authority(title: str, domains: Sequence[str], now: datetime, key: Key, serial: int) -> Pair:
    """A new authority that can vouch for `domains` and the names below them, and for nothing else."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])
    built = _builder(name, name, key, (now - _BEFORE, now - _BEFORE + ROOT_LIFE), serial)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    built = built.add_extension(_usage(signs=True), critical=True)
    built = built.add_extension(
        x509.NameConstraints(
            permitted_subtrees=[x509.DNSName(domain) for domain in domains],
            excluded_subtrees=[x509.IPAddress(network) for network in _EVERYWHERE],
        ),
        critical=True,
    )
    built = built.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return Pair(built.sign(key, hashes.SHA256()), key)


def leaf(root: Pair, names: Sequence[str], now: datetime, key: Key, serial: int) -> Pair:
    """A certificate for `names`, which expires no later than the authority."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    ends = min(now - _BEFORE + LEAF_LIFE, root.certificate.not_valid_after_utc)
    built = _builder(subject, root.certificate.subject, key, (now - _BEFORE, ends), serial)
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    built = built.add_extension(_usage(signs=False), critical=True)
    built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    built = built.add_extension(identifier, critical=False)
    return Pair(built.sign(root.key, hashes.SHA256()), key)


def is_current(pair: Pair, root: Pair, names: Sequence[str], now: datetime) -> bool:
    """Whether a leaf can be kept: the authority signed it for these names, and its renewal is not due."""
    leaf = seen(pair.certificate)
    fresh = leaf.not_before <= now and lateness(leaf, now) is None
    return fresh and root.signed(pair.certificate) and set(leaf.names) == set(names)


def permitted(certificate: x509.Certificate) -> tuple[str, ...]:
    """The domains that the authority is limited to."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except x509.ExtensionNotFound:
        return ()
    return tuple(name.value for name in found.value.permitted_subtrees or () if isinstance(name, x509.DNSName))


def _below(name: str, domain: str) -> bool:
    bare = name.removeprefix("*.")
    return bare == domain or bare.endswith(f".{domain}")


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, life: tuple[datetime, datetime], serial: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(life[0])
        .not_valid_after(life[1])
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
