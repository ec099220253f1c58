"""What a certificate says, as frozen data, and how much of its life is left. Times are aware and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct


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
    """`RSA 2048`, `EC secp256r1`, `Ed25519`."""
    key_bits: int
    signature: str
    """The hash of its signature: `sha256`, `sha1` …"""
    is_ca: bool = False
    self_signed: bool = False
    """Issuer and subject are one, and its own key has signed it."""

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


def stamp(when: datetime) -> str:
    """A time as RFC 3339 writes it, in UTC and in whole seconds."""
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
