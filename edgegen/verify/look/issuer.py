"""The issuer that a server should have sent: searched for only where a chain ends before an authority that is trusted.

What is found counts where OpenSSL itself, with it at hand, gets from the server's certificate to a trusted authority:
a handshake with the same authorities and the certificate that was found. The verifier of `cryptography` would be a
second opinion with different rules (it asks for extensions that private authorities leave out).
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec.structs import replace

from edgegen.certificates.certificate import CertificateSeen
from edgegen.certificates.issuers import LETS_ENCRYPT, organisation
from edgegen.certificates.read import issuer_addresses, load, seen, signed_by
from edgegen.core.pattern import late_pattern
from edgegen.net.answer import Failure
from edgegen.net.deadline import Deadline
from edgegen.net.http import fetch_from
from edgegen.net.tls import Line, Refused, shake
from edgegen.verify.look.route import Route
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import Observation, TlsSeen

if TYPE_CHECKING:
    from cryptography import x509

NO_ISSUER = (20, 21)
"""OpenSSL: unable to get local issuer certificate, unable to verify the first certificate."""
_NO_TRUST = (2, 18, 19, *NO_ISSUER)
MOST_STEPS = 3
"""Issuers above each other that are fetched for one chain."""
FETCH_SECONDS = 4.0
"""Seconds for one fetch."""
# Source: Let's Encrypt's page of certificates, generation Y, and the generation before it.
_LETS_ENCRYPT_NAMES = late_pattern(r"Y[ER][12]|E[5-9]|R1[0-4]")


def missing_issuer(chain: Sequence[bytes], line: Line, trust: Trust, lead: Route) -> CertificateSeen | None:
    """The issuer that completes a chain of which OpenSSL said that an issuer is missing; None: none is known."""
    last = _last(chain)
    if last is None:
        return None
    known = _known(last, trust) or _fetched(last, line, trust, lead) or _by_name(last)
    if known is None:
        trust.remember(seen(last).fingerprint, last)
    return known


def settled(seen: Observation, trust: Trust) -> Observation:
    """Once a run has seen everything: an issuer that no other host had shown yet when this one was looked at.

    So the order in which hosts are looked at, by chance among many threads, does not change what is said of them.
    """
    addresses = tuple(replace(one, tls=_settled(one.tls, trust)) if one.tls else one for one in seen.addresses)
    return seen if addresses == seen.addresses else replace(seen, addresses=addresses)


def _settled(tls: TlsSeen, trust: Trust) -> TlsSeen:
    if tls.verify_code not in NO_ISSUER or tls.missing_issuer is not None:
        return tls
    ends = (trust.loose(item.fingerprint) for item in tls.chain)
    found = next((known for last in ends if last is not None and (known := _known(last, trust))), None)
    return replace(tls, missing_issuer=found)


def learn(chain: Sequence[bytes], trust: Trust) -> None:
    """Keep the issuer of a chain that was verified."""
    certificates = [certificate for der in chain[:2] if (certificate := load(der)) is not None]
    if len(certificates) == 2 and trust.issuer_of(certificates[0]) is None and signed_by(*certificates):
        trust.learn(*certificates)


def _last(chain: Sequence[bytes]) -> x509.Certificate | None:
    """Where the way up from the server's own certificate ends. None: at a root, or nowhere."""
    certificates = [certificate for der in chain if (certificate := load(der)) is not None]
    if not certificates:
        return None
    last, *rest = certificates
    while above := next((item for item in rest if item.subject == last.issuer), None):
        rest.remove(above)
        last = above
    return None if last.issuer == last.subject else last


def _known(last: x509.Certificate, trust: Trust) -> CertificateSeen | None:
    issuer = trust.issuer_of(last)
    return seen(issuer) if issuer is not None and signed_by(last, issuer) else None


def _fetched(last: x509.Certificate, line: Line, trust: Trust, lead: Route) -> CertificateSeen | None:
    """Fetch the issuer, and its issuer …, until the chain gets to a trusted authority."""
    found: list[x509.Certificate] = []
    for _ in range(MOST_STEPS):
        above = _fetch_issuer(found[-1] if found else last, line.deadline, trust, lead)
        if above is None:
            return None
        found.append(above)
        if _completes(found, line, trust):
            return seen(found[0])
    return None


def _completes(issuers: Sequence[x509.Certificate], line: Line, trust: Trust) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding

    context = trust.completed(tuple(item.public_bytes(Encoding.DER) for item in issuers), line.deadline)
    got = shake(context, line) if context is not None else None
    if isinstance(got, ssl.SSLSocket):
        got.close()
        return True
    # Another fault, such as an expired certificate, is only looked for once the chain is whole.
    return isinstance(got, Refused) and got.code not in _NO_TRUST


def _fetch_issuer(
    certificate: x509.Certificate, deadline: Deadline, trust: Trust, lead: Route
) -> x509.Certificate | None:
    for url in issuer_addresses(certificate):
        ders = trust.fetched.get(url, partial(_fetch, url, deadline, lead), deadline)
        for der in ders or ():
            issuer = load(der)
            if issuer is not None and signed_by(certificate, issuer):
                return issuer
    return None


def _fetch(url: str, deadline: Deadline, lead: Route) -> tuple[bytes, ...] | None:
    """What is published there, by plain HTTP, without redirects; None: nothing usable."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        return None
    where = lead(host, port) if parts.scheme == "http" and host and parts.username is None else None
    if where is None or isinstance(where, Failure):
        return None
    response = fetch_from(where, url, deadline.within(FETCH_SECONDS))
    return certificates_in(response.body) if response.status == 200 and response.failure is None else None


def certificates_in(data: bytes) -> tuple[bytes, ...] | None:
    """Certificates (DER) in one of the forms in which authorities publish them: DER, PEM, PKCS #7."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    if load(data) is not None:
        return (data,)
    for parse in (
        x509.load_pem_x509_certificates,
        pkcs7.load_der_pkcs7_certificates,
        pkcs7.load_pem_pkcs7_certificates,
    ):
        try:
            return tuple(item.public_bytes(Encoding.DER) for item in parse(data))
        except Exception:  # noqa: BLE001, S112 (bytes of third parties: errors of many classes)
            continue
    return None


def _by_name(last: x509.Certificate) -> CertificateSeen | None:
    """One of Let's Encrypt's intermediates, known only by name: that it exists and completes the chain is public."""
    name = seen(last)
    if organisation(name.issuer) != LETS_ENCRYPT or not _LETS_ENCRYPT_NAMES.fullmatch(name.issuer_name):
        return None
    never = datetime.fromtimestamp(0, UTC)
    return CertificateSeen(
        subject=name.issuer, issuer="", common_name=name.issuer_name, issuer_name="", names=(), not_before=never,
        not_after=never, serial="", fingerprint="", key="", key_bits=0, signature="",
    )  # fmt: skip
