"""What a certificate says, as frozen data, and how late its renewal is. Times are aware and in UTC.

Let's Encrypt issues certificates for 90, 45 and 6 days: a fixed number of days would raise constant alarms for the
short ones, so lateness goes by the share of the life that is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from edgegen.core.finding import Severity

DUE = 1 / 3
"""Traefik renews a certificate of 90 days 30 days before its end, shorter ones sooner (its table of renewals)."""
OVERDUE = 1 / 10
OVERDUE_AT_MOST = timedelta(days=14)
"""A tenth of a long life is more time than a renewal needs."""
SEVERE = timedelta(days=7)
SHORT_LIFE = timedelta(days=30)
"""A certificate with at most this life is severely late below a tenth of it."""


class CertificateSeen(Struct, frozen=True):
    """One certificate as it was sent."""

    subject: str
    """Its distinguished name, RFC 4514."""
    issuer: str
    common_name: str
    issuer_name: str
    """The issuer's common name, or its organisation where it has none."""
    names: tuple[str, ...]
    """DNS names and addresses of its SAN, lower case."""
    not_before: datetime
    not_after: datetime
    serial: str
    """Lower-case hex."""
    fingerprint: str
    """sha256 of its DER, lower-case hex."""
    key: str
    """`RSA 2048`, `EC secp256r1`, `Ed25519`; `RSA-PSS 2048` where the key is only for signatures of that kind."""
    key_bits: int
    signature: str
    """The hash of its signature: `sha256`, `sha1` …"""
    self_signed: bool = False
    """Issuer and subject are one, and its own key has signed it."""
    may_sign: bool = True
    """Whether its key usage allows signatures, which good handshakes need; without a key usage all is allowed."""

    @property
    def life(self) -> timedelta:
        """How long it is valid in total."""
        return self.not_after - self.not_before

    def left(self, now: datetime) -> timedelta:
        """How long it is still valid; below 0 when it has expired."""
        return self.not_after - now

    def share_left(self, now: datetime) -> float:
        """The part of its life that is still to come: 0 when it is over, 1 when it has not begun."""
        return min(1.0, max(0.0, self.left(now) / self.life)) if self.life > timedelta() else 0.0


def way_up(chain: Sequence[CertificateSeen], now: datetime | None = None) -> tuple[CertificateSeen, ...]:
    """From the server's own certificate to where its issuers end in the chain, whatever else was sent, in any order.

    Of several certificates of one issuer the one that is valid `now` counts: clients find it.
    """
    way, rest = list(chain[:1]), list(chain[1:])
    while way and (above := [item for item in rest if item.subject and item.subject == way[-1].issuer]):
        way.append(next((item for item in above if now is None or item.not_before <= now < item.not_after), above[0]))
        rest.remove(way[-1])
    return tuple(way)


def stamp(when: datetime) -> str:
    """A time as RFC 3339 writes it, in UTC and in whole seconds."""
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def lateness(certificate: CertificateSeen, now: datetime) -> Severity | None:
    """LOW: its renewal is due. MEDIUM: it is overdue. HIGH: it is about to expire. None: there is time."""
    life, left = certificate.life, certificate.left(now)
    if left < (SEVERE if life > SHORT_LIFE else life * OVERDUE):
        return Severity.HIGH
    if left < min(life * OVERDUE, OVERDUE_AT_MOST):
        return Severity.MEDIUM
    return Severity.LOW if left < life * DUE else None
