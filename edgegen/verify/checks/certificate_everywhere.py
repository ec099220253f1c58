"""The same certificate at every address.

What it does
    Compares the certificates that the addresses of one host send. Other checks report what is wrong with a certificate
    itself (its dates, names, issuer): EV003, EV008, EV009, EV022.

Why
    Which address a visitor gets is chance. If one of several servers missed a renewal, some visitors see an old
    certificate and others don't, and a single look may show nothing wrong.

Example
    The A record leads to the new server, the AAAA record still to the old one with last year's certificate.

Instead
    Point all addresses at one edge, or renew on all of them. Several edges that each get their own certificate work,
    but each of them counts towards Let's Encrypt's limit of 5 equal certificates in 7 days.

Verdicts
    cert-differs: the addresses send different certificates. A remark; a failure if all are trusted and come from
        several authorities although the spec names one that no other check compares them with.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.certificates.certificate import CertificateSeen
from edgegen.certificates.issuers import issuing_organisation
from edgegen.core.finding import Severity
from edgegen.core.show import first_few, shown
from edgegen.endpoints import Aspect
from edgegen.verify.checks.addresses import no_address
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.dates import moment
from edgegen.verify.checks.reached import own_certificate
from edgegen.verify.observation import Observation

CERT_DIFFERS = Verdict("cert-differs", Severity.MEDIUM)

Groups = dict[str, tuple[CertificateSeen, list[str]]]


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """All certificates of a host together. A host with one address has nothing to compare."""
    if not seen.addresses:
        yield Unseen(no_address(seen))
        return
    if len(seen.addresses) < 2:
        return
    found = [(address.address, own_certificate(address)) for address in seen.addresses]
    shown_by = [(address, item) for address, item in found if isinstance(item, CertificateSeen)]
    unseen = [address for address, item in found if isinstance(item, Unseen)]
    groups: Groups = {}
    for address, item in shown_by:
        groups.setdefault(item.fingerprint, (item, []))[1].append(address)
    if len(groups) > 1:
        yield _differ(seen, groups)
    elif len(shown_by) > 1:
        yield Good(f"{len(shown_by)} addresses show the same certificate", aspect=Aspect.ACME)
    if unseen:
        yield Unseen(f"no certificate at {first_few(unseen)} to compare with the others")


def _differ(seen: Observation, groups: Groups) -> Judgement:
    severity = Severity.MEDIUM if _matters(seen, [item for item, _ in groups.values()]) else Severity.LOW
    message = "the addresses show different certificates: " + "; ".join(
        f"{first_few(addresses)} {_described(item, addresses)}" for item, addresses in groups.values()
    )
    hint = "point every address at one edge, or renew on all of them"
    return Fault(CERT_DIFFERS, message, hint=hint, severity=severity, aspect=Aspect.ACME)


def _matters(seen: Observation, certificates: list[CertificateSeen]) -> bool:
    """Whether one has another issuer and no other check reports it: a directory's URL does not name the issuer."""
    one_authority = "://" in seen.endpoint.ca and not seen.endpoint.proxied
    trusted = all(item.tls.verified for item in seen.addresses if item.tls and item.tls.certificate)
    return one_authority and trusted and len(set(map(issuing_organisation, certificates))) > 1


def _described(item: CertificateSeen, addresses: list[str]) -> str:
    names = first_few((shown(name) for name in item.names), 3) or "no name"
    have = "has" if len(addresses) == 1 else "have"
    return f"{have} one for {names} by `{shown(item.issuer_name)}` until {moment(item.not_after)}"


CHECK = Check("EV010", "certificate-everywhere", Hop.TLS, (CERT_DIFFERS,), judge)
