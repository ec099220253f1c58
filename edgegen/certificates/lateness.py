"""How late the renewal of a certificate is, by the share of its life that is left.

Let's Encrypt issues certificates for 90, 45 and 6 days: a fixed number of days would raise constant alarms for the
short ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from edgegen.certificates.certificate import CertificateSeen
from edgegen.core.finding import Severity

DUE = 1 / 3
"""Traefik renews a certificate of 90 days 30 days before its end, shorter ones sooner (its table of renewals)."""
OVERDUE = 1 / 10
OVERDUE_AT_MOST = timedelta(days=14)
"""A tenth of a long life is more time than a renewal needs."""
SEVERE = timedelta(days=7)
SHORT_LIFE = timedelta(days=30)
"""A certificate with at most this life is severely late below a tenth of it."""


def lateness(certificate: CertificateSeen, now: datetime) -> Severity | None:
    """LOW: its renewal is due. MEDIUM: it is overdue. HIGH: it is about to expire. None: there is time."""
    life, left = certificate.life, certificate.left(now)
    if left < (SEVERE if life > SHORT_LIFE else life * OVERDUE):
        return Severity.HIGH
    if left < min(life * OVERDUE, OVERDUE_AT_MOST):
        return Severity.MEDIUM
    return Severity.LOW if left < life * DUE else None
