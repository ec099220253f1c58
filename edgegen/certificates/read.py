"""From DER to the data that checks judge. A foreign certificate can hold anything: what can't be read is left empty."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeVar

from edgegen.certificates.certificate import CertificateSeen

if TYPE_CHECKING:
    from cryptography import x509

_T = TypeVar("_T")
_KEPT = 128
"""Parsed certificates that are cached: most hosts share an intermediate."""
_RSA_PSS = "1.2.840.113549.1.1.10"


def load_library() -> None:
    """Load the parser: 17 ms, best spent while waiting for an answer anyway."""
    from cryptography import x509  # noqa: F401 (so that it is there when a chain has come)


def read_chain(chain: Sequence[bytes]) -> tuple[CertificateSeen, ...]:
    """The certificates in the order they came, up to the first that is not a certificate. Never raises."""
    found: list[CertificateSeen] = []
    for der in chain:
        certificate = _read(der)
        if certificate is None:
            break
        found.append(certificate)
    return tuple(found)


def read_pem(pem: bytes) -> CertificateSeen | None:
    """The first certificate of a PEM file, or None if it can't be read. Never raises."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return _read(_or(lambda: x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER), b""))


@lru_cache(_KEPT)
def _read(der: bytes) -> CertificateSeen | None:
    certificate = load(der)
    return seen(certificate) if certificate is not None else None


@lru_cache(_KEPT)
def load(der: bytes) -> x509.Certificate | None:
    """The certificate, or None if it isn't one."""
    from cryptography import x509

    _hush()
    certificate = _or(lambda: x509.load_der_x509_certificate(der), None)
    # The library parses late; without dates a certificate can't be judged at all.
    readable = certificate and _or(lambda: (certificate.not_valid_before_utc, certificate.not_valid_after_utc), None)
    return certificate if readable else None


def seen(certificate: x509.Certificate) -> CertificateSeen:
    """A certificate as data. Whatever can't be read is "", 0, () or False."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    nobody = x509.Name([])
    subject, issuer = _or(lambda: certificate.subject, nobody), _or(lambda: certificate.issuer, nobody)
    key, bits = _key(certificate)
    return CertificateSeen(
        subject=_or(subject.rfc4514_string, ""),
        issuer=_or(issuer.rfc4514_string, ""),
        common_name=_part(subject, "COMMON_NAME"),
        issuer_name=_part(issuer, "COMMON_NAME") or _part(issuer, "ORGANIZATION_NAME"),
        names=_or(lambda: _names(certificate), ()),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        serial=_or(lambda: _serial(certificate.serial_number), ""),
        fingerprint=hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
        key=key,
        key_bits=bits,
        signature=_or(lambda: _signature(certificate), ""),
        self_signed=signed_by(certificate, certificate),
        may_sign=_or(lambda: _may_sign(certificate), True),
    )


def signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the certificate names the issuer, and the issuer's key signed it."""
    return _or(lambda: _signed(certificate, issuer), False)


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key, algorithm = issuer.public_key(), certificate.signature_hash_algorithm
    if not isinstance(algorithm, hashes.SHA1) or not isinstance(key, rsa.RSAPublicKey):
        certificate.verify_directly_issued_by(issuer)
        return True
    # The library's own check no longer accepts SHA-1, but an old certificate must still be described.
    key.verify(certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), algorithm)
    return certificate.issuer == issuer.subject


def issuer_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """The URLs from which its issuer's certificate can be fetched (AIA, `caIssuers`)."""
    return _or(lambda: _issuer_addresses(certificate), ())


def _issuer_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    wanted = AuthorityInformationAccessOID.CA_ISSUERS
    return tuple(str(item.access_location.value) for item in access if item.access_method == wanted)


def _or(read: Callable[[], _T], default: _T) -> _T:
    """What can be read, or the default: for bad certificates the library raises errors of many classes."""
    try:
        return read()
    except Exception:  # noqa: BLE001 (foreign bytes: errors of many classes)
        return default


def _part(name: x509.Name, kind: str) -> str:
    from cryptography.x509.oid import NameOID

    return _or(lambda: str(name.get_attributes_for_oid(getattr(NameOID, kind))[0].value), "")


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(item.value).lower() for item in names if isinstance(item, (x509.DNSName, x509.IPAddress)))


def _may_sign(certificate: x509.Certificate) -> bool:
    from cryptography import x509

    return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature


def _serial(number: int) -> str:
    digits = f"{number:x}"
    return digits.zfill(len(digits) + len(digits) % 2)


def _signature(certificate: x509.Certificate) -> str:
    """The hash; Ed25519 and the like have no separate hash."""
    algorithm = certificate.signature_hash_algorithm
    return algorithm.name if algorithm else str(certificate.signature_algorithm_oid._name).lower()


def _key(certificate: x509.Certificate) -> tuple[str, int]:
    """`RSA 2048` and 2048; `EC secp256r1` and 256."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    key = _or(certificate.public_key, None)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}", key.curve.key_size
    if isinstance(key, rsa.RSAPublicKey):
        only_pss = _or(lambda: certificate.public_key_algorithm_oid.dotted_string, "") == _RSA_PSS
        return f"{'RSA-PSS' if only_pss else 'RSA'} {key.key_size}", key.key_size
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size}", key.key_size
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519", 256
    return ("Ed448", 456) if isinstance(key, ed448.Ed448PublicKey) else ("", 0)


@cache
def _hush() -> None:
    """On stderr the library warns about certificates that it will refuse one day; here they are not the user's."""
    from cryptography.utils import CryptographyDeprecationWarning

    warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning)
