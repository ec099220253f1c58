"""How strong the TLS is.

What it does
    Compares what a server accepts besides good TLS, and the keys and signatures of its chain, with Mozilla's
    *intermediate* configuration (5.7): TLS 1.2 and 1.3 with forward secrecy, RSA keys of 2048 bits, no SHA-1.

Why
    If a server accepts weak TLS, an attacker on the path can make some clients use it. Audits ask for this too.

Example
    A load balancer in front of Traefik still accepts TLS 1.0.

Instead
    `tls.options` with `minVersion: VersionTLS12`, which edgegen renders for every router. At Cloudflare: SSL/TLS, Edge
    Certificates, Minimum TLS Version.

Verdicts
    tls-weak: it accepts weak TLS, or its chain is weak. A remark; a failure with `--profile intermediate`, and if
        clients refuse the certificate because of it, as browsers do with keys that they don't support (P-521, Ed25519),
        and both browsers and Docker with keys that are only for RSA-PSS.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.certificates.certificate import CertificateSeen
from edgegen.core.finding import Severity
from edgegen.core.show import first_few
from edgegen.endpoints import Endpoint, Kind
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.reached import by_part, handshake
from edgegen.verify.observation import Observation, TlsSeen

TLS_WEAK = Verdict("tls-weak", Severity.LOW)

LEAST_BITS = {"RSA": 2048, "RSA-PSS": 2048, "DSA": 2048, "EC": 256}
BROKEN_HASHES = ("md5", "sha1")
# X509_V_ERR_EE_KEY_TOO_SMALL, _CA_KEY_TOO_SMALL, _CA_MD_TOO_WEAK: OpenSSL itself refuses such a chain.
OPENSSL_TOO_WEAK = (66, 67, 68)
# Chrome offers no others: no P-521, no Ed25519, and no key that is only for RSA-PSS.
_OF_BROWSERS = ("RSA ", "EC secp256r1", "EC secp384r1")
# What Go takes, in which Docker and most clients of registries are written. Source: its crypto/x509 and crypto/tls.
_OF_GO = (*_OF_BROWSERS, "EC secp224r1", "EC secp521r1", "Ed25519")


def judge(seen: Observation, context: Context) -> Iterator[Judgement]:
    """The TLS of every address."""
    return by_part(seen, handshake, lambda _, tls: _judged(tls, seen.endpoint, context))


def _judged(tls: TlsSeen, endpoint: Endpoint, context: Context) -> Iterator[Judgement]:
    strange = _key_of_no_client(tls, endpoint)
    if weak := [*strange, *_weaknesses(tls)]:
        severity = Severity.HIGH if strange else _severity(tls, context)
        yield Fault(TLS_WEAK, first_few(weak), _hint(tls, endpoint), severity)
    elif tls.weak_trouble:
        yield Unseen(f"whether weak TLS is accepted ({tls.weak_trouble})")
    else:
        yield Good("nothing weaker than Mozilla's intermediate configuration")


def _key_of_no_client(tls: TlsSeen, endpoint: Endpoint) -> list[str]:
    """Strong or not: visitors get no further than the handshake."""
    own = tls.certificate
    if own is None or not own.key:
        return []
    if endpoint.is_for_browsers and not own.key.startswith(_OF_BROWSERS):
        return [f"the certificate has a key that not every browser supports ({own.key})"]
    if endpoint.kind is Kind.REGISTRY and not own.key.startswith(_OF_GO):
        return [f"the certificate has a key that Docker does not support ({own.key})"]
    return []


def _weaknesses(tls: TlsSeen) -> Iterator[str]:
    if tls.weak:
        yield f"the server accepts {first_few(tls.weak)}"
    for index, item in enumerate(tls.chain):
        name = "the certificate" if index == 0 else f"the chain's `{item.common_name or item.subject}`"
        yield from (f"{name} has {fault}" for fault in _of_certificate(item))
    if not any(_of_certificate(item) for item in tls.chain) and tls.verify_code in OPENSSL_TOO_WEAK:
        yield f"OpenSSL calls the chain too weak ({tls.verify_message or tls.verify_code})"


def _of_certificate(item: CertificateSeen) -> list[str]:
    least = LEAST_BITS.get(item.key.partition(" ")[0], 0)
    faults = [f"a key of {item.key_bits} bits only ({item.key})"] if item.key_bits < least else []
    # Nobody checks the signature of a root: it is trusted as it is.
    if item.signature in BROKEN_HASHES and not item.self_signed:
        faults.append(f"a signature with {item.signature}")
    return faults


def _severity(tls: TlsSeen, context: Context) -> Severity:
    if tls.verify_code in OPENSSL_TOO_WEAK:
        return Severity.HIGH
    return Severity.MEDIUM if context.strict_tls else Severity.LOW


def _hint(tls: TlsSeen, endpoint: Endpoint) -> str:
    if not tls.weak:
        return "issue the certificate with a key of ECDSA P-256 or RSA 2048 and a signature with SHA-256"
    if endpoint.proxied:
        return "at Cloudflare: SSL/TLS, Edge Certificates, Minimum TLS Version 1.2"
    hint = "allow only TLS 1.2 and 1.3, without CBC; Traefik: `tls.options` with `minVersion: VersionTLS12`"
    return f"{hint}, as `edgegen up` sets it: what else is in front of it?" if endpoint.has_spec else hint


CHECK = Check("EV011", "tls-strength", Hop.TLS, (TLS_WEAK,), judge)
