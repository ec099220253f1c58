"""The dates of the certificates.

What it does
    Reads the dates of the certificate of every address, and of the rest of its chain. What is left is judged by the
    certificate's own lifetime: it is due for renewal when less than a third is left, which is a remark. The check fails
    when less than a tenth is left, 14 days at most, and severely below 7 days. A certificate with a lifetime of 30 days
    or less fails severely below a tenth of it: for a six-day certificate that is 16 hours.

Why
    Let's Encrypt issues certificates for 90, 45 and 6 days. A fixed "warn below 30 days" always fires for the short
    ones, and nobody sends e-mails before a certificate expires any more.

Example
    A 90-day certificate with 5 days left: Traefik should have renewed it 25 days ago.

Instead
    Traefik renews certificates itself and logs why it could not: `edgegen logs traefik`. It tries again at its next
    check (once a day for 90-day certificates) or after a restart. For the HTTP challenge, port 80 must be reachable
    from everywhere.

Verdicts
    cert-expired: a certificate of the chain has expired. A remark if trust does not depend on it. If the server's clock
        disagrees, the message says so: then check the clocks first (EV012).
    cert-not-yet-valid: the certificate is not valid yet, or this machine's clock is slow.
    cert-expiring: its renewal is due (a remark), or overdue.
    cert-long-lived: it is valid for more than 398 days, which browsers don't accept from a public authority.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from edgegen.certificates.certificate import CertificateSeen, lateness, way_up
from edgegen.core.finding import Severity
from edgegen.endpoints import Aspect, Endpoint
from edgegen.verify.checks.advice import renewal
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.clock import skew
from edgegen.verify.checks.dates import moment, span
from edgegen.verify.checks.reached import by_part, handshake
from edgegen.verify.observation import AddressSeen, Observation, TlsSeen

CERT_EXPIRED = Verdict("cert-expired", Severity.CRITICAL)
CERT_NOT_YET_VALID = Verdict("cert-not-yet-valid", Severity.HIGH)
CERT_EXPIRING = Verdict("cert-expiring", Severity.LOW)
CERT_LONG_LIVED = Verdict("cert-long-lived", Severity.LOW)

LONGEST = timedelta(days=398)
"""The CA/Browser Forum's limit of 2020; that of 2026 is shorter, but such certificates still live."""
OPENSSL_NOT_YET, OPENSSL_EXPIRED = 9, 10
_CLOCK = "is this machine's clock right? EV012 compares it with the server's"
_NEWER_CHAIN = "send the chain that the authority uses today: renew the certificate with its whole chain"
_LEAVE_OUT = "trust does not depend on it, but old clients stumble over it: leave it out of the chain"


def judge(seen: Observation, context: Context) -> Iterator[Judgement]:
    """The dates of every chain."""

    def judged(address: AddressSeen, tls: TlsSeen) -> Sequence[Judgement]:
        own, now = tls.certificate, context.now
        if own is None:
            return [*_unexplained(tls, seen.endpoint)] or [Unseen("the certificate could not be read")]
        well = f"valid until {moment(own.not_after)}, {span(own.not_after - now)} more"
        return [*_faults(tls, own, seen.endpoint, Times(now, skew(address)))] or [Good(well)]

    return by_part(seen, handshake, judged, aspect=Aspect.ACME)


class Times(Struct, frozen=True):
    """This machine's time, and by how much the server's clock is ahead of it; None: not known."""

    now: datetime
    skew: timedelta | None = None

    def differ_on(self, item: CertificateSeen) -> bool:
        """Whether a certificate that is out of date by this machine's clock is valid by the server's."""
        return self.skew is not None and item.not_before <= self.now + self.skew < item.not_after


def _faults(tls: TlsSeen, own: CertificateSeen, endpoint: Endpoint, times: Times) -> Iterator[Fault]:
    now, dated = times.now, [*_out_of_date(tls, endpoint, times)]
    yield from dated
    if all(item.severity for item in dated):  # trust depends on none of these
        yield from _unexplained(tls, endpoint)
    if own.not_before <= now < own.not_after and (severity := lateness(own, now)):
        message = f"{span(own.not_after - now)} of {span(own.life)} are left"
        late = "due" if severity is Severity.LOW else "overdue"
        due = f"{message}, until {moment(own.not_after)}: its renewal is {late}"
        yield Fault(CERT_EXPIRING, due, renewal(endpoint), severity, Aspect.ACME)
    # Certificates of a private authority, and untrusted ones, may live as long as they like.
    if tls.verified and "://" not in endpoint.ca and own.life > LONGEST:
        told = f"the certificate is valid for {span(own.life)}: more than the 398 days that browsers accept"
        hint = "have it issued for a shorter time and renewed automatically"
        yield Fault(CERT_LONG_LIVED, f"{told} from a public authority", hint, aspect=Aspect.ACME)


def _out_of_date(tls: TlsSeen, endpoint: Endpoint, times: Times) -> Iterator[Fault]:
    way = tls.chain[:1] if tls.verified else way_up(tls.chain, times.now)
    for index, item in enumerate(tls.chain):
        if times.now >= item.not_after:
            word, said = CERT_EXPIRED, f"expired on {moment(item.not_after)}, {span(times.now - item.not_after)} ago"
        elif times.now < item.not_before:
            first = f"{moment(item.not_before)}, in {span(item.not_before - times.now)}"
            word, said = CERT_NOT_YET_VALID, f"is not valid until {first}"
        else:
            continue
        name = "the certificate" if index == 0 else f"the chain's `{item.common_name or item.subject}`"
        by_theirs = "; by the server's clock it is valid" if times.differ_on(item) else ""
        renewed = renewal(endpoint) if index == 0 else _NEWER_CHAIN
        hint = _CLOCK if by_theirs or word == CERT_NOT_YET_VALID else renewed
        needed = item in way
        severity = None if needed else Severity.LOW
        yield Fault(word, f"{name} {said}{by_theirs}", hint if needed else _LEAVE_OUT, severity, Aspect.ACME)


def _unexplained(tls: TlsSeen, endpoint: Endpoint) -> Iterator[Fault]:
    """OpenSSL found a date wrong that no certificate of the chain shows: an authority's own certificate, mostly."""
    which = "an authority's certificate that was not sent" if tls.chain else "a certificate of the chain"
    if tls.verify_code == OPENSSL_EXPIRED:
        hint = _NEWER_CHAIN if tls.chain else renewal(endpoint)
        yield Fault(CERT_EXPIRED, f"{which} has expired, says OpenSSL", hint, aspect=Aspect.ACME)
    elif tls.verify_code == OPENSSL_NOT_YET:
        yield Fault(CERT_NOT_YET_VALID, f"{which} is not valid yet, says OpenSSL", _CLOCK, aspect=Aspect.ACME)


CHECK = Check(
    "EV003", "certificate-expiry", Hop.TLS, (CERT_EXPIRED, CERT_NOT_YET_VALID, CERT_EXPIRING, CERT_LONG_LIVED), judge
)
