"""Clients trust the certificate.

What it does
    Verifies the chain of every address against the system's authorities and those of `--ca-file`. If that fails, it
    reads the chain without verification and reports which of the usual causes it is.

Why
    OpenSSL has one code for a missing intermediate, a staging certificate and an unknown authority, but each needs a
    different fix.

Example
    `issuer: TRAEFIK DEFAULT CERT`: Traefik runs, but it has no certificate for this host.

Instead
    Look for ACME errors in Traefik's log: `edgegen logs traefik`. It does not retry on a timer: fix the cause, then
    restart it. For a private authority, pass its certificate with `--ca-file PEM`.

Verdicts
    traefik-default-cert: Traefik's own default certificate: ACME has not issued, or no router with TLS knows this host.
    self-signed: the certificate is self-signed.
    staging-issuer: it comes from Let's Encrypt's staging environment, but the spec wants a real one.
    incomplete-chain: the server does not send the intermediate certificate that its own needs.
    untrusted-ca: this machine does not trust its authority.
    cert-rejected: OpenSSL refuses it for another reason, which is in the message, or browsers do because of its key
        usage.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from edgegen.certificates.certificate import CertificateSeen, way_up
from edgegen.certificates.issuers import is_staging, is_traefik_default, wants_staging
from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.endpoints import Aspect, Endpoint, Kind
from edgegen.verify.checks.advice import traefik_log
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.reached import by_part, handshake
from edgegen.verify.checks.traefik import is_own_404
from edgegen.verify.observation import AddressSeen, Observation, TlsSeen

TRAEFIK_DEFAULT_CERT = Verdict("traefik-default-cert", Severity.CRITICAL)
SELF_SIGNED = Verdict("self-signed", Severity.HIGH)
STAGING_ISSUER = Verdict("staging-issuer", Severity.HIGH)
INCOMPLETE_CHAIN = Verdict("incomplete-chain", Severity.HIGH)
UNTRUSTED_CA = Verdict("untrusted-ca", Severity.HIGH)
CERT_REJECTED = Verdict("cert-rejected", Severity.HIGH)

# X509_V_ERR_…: no way from the certificate to an authority that is trusted. OpenSSL looks for this first, then at the
# name, then at the dates, and stops at the first fault: the codes below say what it did not get to.
_NO_WAY_TO_TRUST = frozenset({2, 18, 19, 20, 21, 27})
_HIDDEN_BY = {
    9: "hidden by a certificate that is not valid yet",
    10: "hidden by the expired certificate",
    62: "hidden by the wrong name",
    63: "hidden by the wrong name",
    64: "hidden by the wrong name",
    66: "hidden by a key that is too weak",
    67: "hidden by a key that is too weak",
    68: "hidden by a signature that is too weak",
}
_NOT_FOR_THIS_NAME = (47, 48)
"""X509_V_ERR_PERMITTED_VIOLATION, _EXCLUDED_VIOLATION."""
_fault = partial(Fault, aspect=Aspect.ACME)
_DEFAULT = "Traefik shows its own default certificate"


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The chain of every address."""
    return by_part(seen, handshake, lambda address, tls: [_judged(address, tls, seen.endpoint)], aspect=Aspect.ACME)


def _judged(address: AddressSeen, tls: TlsSeen, endpoint: Endpoint) -> Judgement:
    if tls.certificate is None:
        return _unread(tls)
    if is_traefik_default(tls.certificate):
        return _stand_in(endpoint, has_router=not any(is_own_404(answer) for answer in address.answers))
    return (
        _by_its_looks(tls, tls.certificate, endpoint)
        or _by_the_code(tls, tls.certificate, endpoint)
        or _by_browsers(tls.certificate, endpoint)
        or Good(f"trusted, issued by {_quoted(tls.certificate.issuer_name)}")
    )


def _stand_in(endpoint: Endpoint, *, has_router: bool) -> Fault:
    log = traefik_log(endpoint)
    if has_router:
        message = f"{_DEFAULT}: ACME hasn't issued a certificate for this host; see Traefik's log"
        hint = f"{log} has the reason; Traefik tries again only after a restart or a change"
        return _fault(TRAEFIK_DEFAULT_CERT, message, hint)
    message = f"{_DEFAULT}: no router knows this host, so ACME was never asked for a certificate"
    explains = "`edgegen explain URL` and " if endpoint.has_spec else ""
    # The line of the host, and not that of the authority, which is not to blame.
    return Fault(TRAEFIK_DEFAULT_CERT, message, f"see EV013; {explains}{log} may name the label")


def _unread(tls: TlsSeen) -> Judgement:
    """The chain could not be read a second time: only OpenSSL's first result is known."""
    if tls.verified:
        return Good("trusted")
    if hidden := _HIDDEN_BY.get(tls.verify_code):
        return Unseen(hidden)
    return _rejected(tls) if tls.verify_code else Unseen("the certificate could not be read")


def _by_its_looks(tls: TlsSeen, own: CertificateSeen, endpoint: Endpoint) -> Judgement | None:
    """What the certificate itself shows, whatever OpenSSL reported first."""
    if is_staging(own):
        return _staging(tls, own, endpoint)
    if own.self_signed and not tls.verified:
        hint = "have an ACME authority issue one, or trust it: `--ca-file PEM`"
        return _fault(SELF_SIGNED, f"the certificate is self-signed ({_quoted(own.common_name or own.subject)})", hint)
    return None


def _staging(tls: TlsSeen, own: CertificateSeen, endpoint: Endpoint) -> Judgement | None:
    if wants_staging(endpoint.ca):
        said = f"a staging certificate, as the spec wants, issued by {_quoted(own.issuer_name)}"
        return Good(f"{said}: no browser trusts it")
    if tls.verified and not endpoint.ca:  # it is trusted on purpose, by --ca-file
        return None
    hint = "remove it from acme.json: Traefik keeps what it has until it expires, even after `ca` was changed"
    if not endpoint.has_spec:
        hint = (
            "have Let's Encrypt's production directory issue one; Traefik keeps what is in acme.json until it expires"
        )
    message = f"the certificate is from {_quoted(own.issuer_name)}, the staging environment of Let's Encrypt"
    return _fault(STAGING_ISSUER, message, hint)


def _by_the_code(tls: TlsSeen, own: CertificateSeen, endpoint: Endpoint) -> Judgement | None:
    if tls.verified:
        return None
    if hidden := _HIDDEN_BY.get(tls.verify_code):
        return Unseen(hidden)
    if tls.verify_code in _NO_WAY_TO_TRUST:
        return _incomplete(own, tls.missing_issuer) if tls.missing_issuer else _unknown_authority(tls, own, endpoint)
    return _rejected(tls) if tls.verify_code else Unseen("the verified handshake did not finish")


def _by_browsers(own: CertificateSeen, endpoint: Endpoint) -> Fault | None:
    """What browsers ask for in addition to what OpenSSL does."""
    if own.may_sign or not endpoint.is_for_browsers:
        return None
    message = "browsers refuse the certificate: its key usage does not allow signatures"
    return _fault(CERT_REJECTED, message, "issue it with `keyUsage = digitalSignature`, and `keyEncipherment` for RSA")


def _rejected(tls: TlsSeen) -> Fault:
    reason = shown(tls.verify_message or f"code {tls.verify_code}")
    hint = "issue a certificate for a server (`serverAuth`), signed by an authority"
    if tls.verify_code in _NOT_FOR_THIS_NAME:
        hint = "its authority may only vouch for other names (name constraints): have another one issue it"
    return _fault(CERT_REJECTED, f"OpenSSL refuses the certificate: {reason}", hint)


def _incomplete(own: CertificateSeen, missing: CertificateSeen) -> Fault:
    message = f"the server does not send the certificate of its issuer {_quoted(own.issuer_name)}"
    if missing.common_name and missing.common_name != own.issuer_name:
        message = f"{_quoted(missing.common_name)} is missing from the chain"
    hint = "send the full chain: the server's certificate, then its intermediates (`fullchain.pem`)"
    return _fault(INCOMPLETE_CHAIN, message, hint)


def _unknown_authority(tls: TlsSeen, own: CertificateSeen, endpoint: Endpoint) -> Fault:
    top = way_up(tls.chain)[-1]
    end = top.common_name if top.self_signed else top.issuer_name
    further = f"; its chain ends at {_quoted(end)}" if end and end != own.issuer_name else ""
    message = f"the certificate is from {_quoted(own.issuer_name)}{further}, which this machine does not trust"
    hint = "`--ca-file PEM` trusts a private authority"
    if endpoint.kind is Kind.TCP:
        hint += "; the certificate is the service's own"
    elif len(tls.chain) == 1:
        hint += "; for a public one the intermediate certificate may be missing"
    return _fault(UNTRUSTED_CA, message, hint)


def _quoted(name: str) -> str:
    return f"`{shown(name)}`"


CHECK = Check(
    "EV008",
    "certificate-trust",
    Hop.TLS,
    (TRAEFIK_DEFAULT_CERT, SELF_SIGNED, STAGING_ISSUER, INCOMPLETE_CHAIN, UNTRUSTED_CA, CERT_REJECTED),
    judge,
)
