"""The issuer of the certificate is the one that the spec wants.

What it does
    If the spec has `acme.ca: letsencrypt` or `zerossl`, compares it with the organisation that issued a trusted
    certificate. Behind Cloudflare's proxy the certificate is Cloudflare's and is not judged; nor is that of a TCP
    service that is passed through.

Why
    A good certificate from another issuer means that something else answers: a hosting company's load balancer, an old
    server, a proxy. Traefik will not renew it, and CAA records may forbid it.

Example
    `ca: letsencrypt`, but the certificate comes from the company whose server the A record still points at.

Instead
    Point the name at this edge (`edgegen dns plan`), or set the authority that you want in the spec.

Verdicts
    wrong-issuer: another authority than the spec's issued it.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.certificates.issuers import NAMES, is_from, is_staging, issuing_organisation
from edgegen.core.cloudflare import is_cloudflares
from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.endpoints import Aspect, Endpoint, Kind
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.reached import by_part, handshake
from edgegen.verify.checks.traefik import from_cloudflare
from edgegen.verify.observation import AddressSeen, Observation, TlsSeen

WRONG_ISSUER = Verdict("wrong-issuer", Severity.MEDIUM)


def judge(seen: Observation, context: Context) -> Iterator[Judgement]:
    """The trusted certificates of every address, where the spec names a public authority."""
    endpoint = seen.endpoint
    if endpoint.ca in NAMES and endpoint.proxied is not True and endpoint.kind is not Kind.TCP:
        yield from by_part(
            seen, handshake, lambda address, tls: [_judged(address, tls, endpoint, context)], aspect=Aspect.ACME
        )


def _judged(address: AddressSeen, tls: TlsSeen, endpoint: Endpoint, context: Context) -> Judgement:
    if tls.certificate is None or not tls.verified or is_staging(tls.certificate):
        return Unseen("no certificate of a trusted authority")
    if is_cloudflares(address.address, context.cloudflare) or from_cloudflare(address.answers):
        return Unseen("Cloudflare's proxy is in front, and shows its own certificate")
    organisation = issuing_organisation(tls.certificate)
    if is_from(organisation, endpoint.ca):
        return Good(f"issued by {NAMES[endpoint.ca]}, as the spec wants")
    message = f"the certificate is from `{shown(organisation)}`, and the spec wants {NAMES[endpoint.ca]} (`acme.ca`)"
    hint = (
        "does this address lead to your edge at all (`edgegen dns plan`)? Otherwise set `acme.ca` if you intend this CA"
    )
    return Fault(WRONG_ISSUER, message, hint, aspect=Aspect.ACME)


CHECK = Check("EV022", "certificate-issuer", Hop.TLS, (WRONG_ISSUER,), judge)
