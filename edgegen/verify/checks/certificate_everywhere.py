"""One certificate at every address.

What it does
    Compares the certificates that the addresses of one host show: names, issuing organisation, dates.

Why
    Who gets which address is chance. When one of several servers was left out of a renewal, some visitors see an old
    certificate and others don't, and whoever looks sees nothing wrong.

Example
    The A record leads to the new server, the AAAA record still to the old one with last year's certificate.

Instead
    Lead all addresses to one edge, or renew at all of them. Several edges that each get their own certificate work,
    and each of them counts against Let's Encrypt's limit of 5 equal certificates in 7 days.

Verdicts
    cert-differs: the addresses show certificates of other names or issuers, or one that has expired. A remark where
        all are good and only their serial numbers differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from edgegen.core.finding import Finding, Severity
from edgegen.core.show import shown
from edgegen.endpoints import Aspect
from edgegen.verify.checks.addresses import Unseen, listed, no_address
from edgegen.verify.checks.check import Check, Context, Verdict
from edgegen.verify.checks.dates import moment
from edgegen.verify.checks.issuers import issuing_organisation
from edgegen.verify.checks.reach import own_certificate
from edgegen.verify.observation import CertificateSeen, Observation

Groups = dict[str, tuple[CertificateSeen, list[str]]]


def judge(seen: Observation, context: Context) -> Iterator[Finding]:
    """All certificates of a host together. A host with one address has nothing to compare."""
    if not seen.addresses:
        yield CHECK.not_seen(seen, no_address(seen))
        return
    if len(seen.addresses) < 2:
        return
    found = [(address.address, own_certificate(address)) for address in seen.addresses]
    shown_by = [(address, item) for address, item in found if isinstance(item, CertificateSeen)]
    unseen = [address for address, item in found if isinstance(item, Unseen)]
    groups = _groups(shown_by)
    if len(groups) > 1:
        yield _differ(seen, groups, context.now)
    elif len(shown_by) > 1:
        yield CHECK.passed(seen, f"{len(shown_by)} addresses show the same certificate", aspect=Aspect.ACME)
    if unseen:
        yield CHECK.not_seen(seen, f"no certificate at {listed(unseen)} to compare with the others")


def _groups(shown_by: list[tuple[str, CertificateSeen]]) -> Groups:
    groups: Groups = {}
    for address, item in shown_by:
        groups.setdefault(item.fingerprint, (item, []))[1].append(address)
    return groups


def _differ(seen: Observation, groups: Groups, now: datetime) -> Finding:
    severity = Severity.MEDIUM if _matters([item for item, _ in groups.values()], now) else Severity.LOW
    message = "the addresses show different certificates: " + "; ".join(
        f"{listed(addresses)} {_described(item)}" for item, addresses in groups.values()
    )
    hint = "lead every address to one edge, or renew on all of them"
    return CHECK.finding(seen, "cert-differs", message, hint=hint, severity=severity, aspect=Aspect.ACME)


def _matters(certificates: list[CertificateSeen], now: datetime) -> bool:
    kinds = {(frozenset(item.names), issuing_organisation(item)) for item in certificates}
    return len(kinds) > 1 or any(not item.not_before <= now < item.not_after for item in certificates)


def _described(item: CertificateSeen) -> str:
    names = listed((shown(name) for name in item.names), 3) or "no name"
    return f"one for {names} by `{shown(item.issuer_name)}` until {moment(item.not_after)}"


CHECK = Check("EV010", "certificate-everywhere", (Verdict("cert-differs", Severity.MEDIUM),), judge)
