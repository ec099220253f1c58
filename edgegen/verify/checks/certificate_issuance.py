"""Why a host has no good certificate.

What it does
    If a host sends Traefik's default certificate, a self-signed or expired one, one from a staging authority that the
    spec does not want, or one for other names, this check goes through what an authority needs and names the first
    thing that is missing. It applies if the certificate should come from an ACME authority: according to the spec, or
    to what a host outside the spec sends. Behind Cloudflare's proxy the certificate is Cloudflare's: then the check
    only reports when that one is bad, or when Cloudflare says that the origin's is (525, 526). A good certificate is
    only reported if CAA records forbid the spec's authority to issue the next one. If no router knows the
    host, or a certificate has expired only by this machine's clock, another check names the cause.

Why
    If issuing fails, Traefik writes one line into its log and sends its default certificate. It does not try again by
    itself: that takes a restart or a change of its dynamic configuration.

Example
    `commenthouse.com` has `challenge: http` and a firewall that drops port 80. The browser warns, Traefik is healthy.

Instead
    Fix what the verdict names, then restart Traefik once (`docker compose restart traefik`; on a swarm
    `docker service update --force NAME_traefik`): Let's Encrypt allows five failed validations per hour for a name,
    and five equal certificates per week.

Verdicts
    challenge-dns-elsewhere: DNS does not lead here: a wrong address, or none.
    challenge-port-80-closed: HTTP-01 uses port 80, which is closed or filtered.
    challenge-wrong-aaaa: an AAAA record that the spec does not have, or a dead one; authorities prefer IPv6.
    challenge-caa-fails: the DNS does not answer a question for CAA, not even that there is none.
    challenge-caa-forbids: CAA records name other authorities, or other challenges. Also while the certificate is good:
        its renewal will fail, and nothing else shows it before the certificate ends.
    challenge-behind-proxy: the challenge does not work behind Cloudflare's proxy.
    challenge-not-answered: something answers, but it is not Traefik.
    acme-not-retried: everything that can be checked is right, so the reason is in Traefik's log, or has been fixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from edgegen.certificates.certificate import CertificateSeen
from edgegen.certificates.issuers import NAMES, is_staging, is_traefik_default, issuing_organisation, wants_staging
from edgegen.certificates.names import covers
from edgegen.core.cloudflare import all_cloudflares
from edgegen.core.show import first_few, shown
from edgegen.endpoints import Aspect
from edgegen.verify.checks.caa import forbidden
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.clock import skew
from edgegen.verify.checks.issuance import (
    ACME_NOT_RETRIED,
    BEHIND_PROXY,
    CAA_FAILS,
    CAA_FORBIDS,
    DNS_ELSEWHERE,
    NOT_ANSWERED,
    PORT_80_CLOSED,
    WRONG_AAAA,
    Cause,
    causes,
    runs_traefik,
)
from edgegen.verify.checks.traefik import is_own_404
from edgegen.verify.observation import AddressSeen, Failure, Observation, Trouble, in_words

_ORIGIN_IS_BAD = (525, 526)
"""Cloudflare's own statuses: no TLS with the origin, and an origin whose certificate is not valid."""
_NO_CERTIFICATE = ("unrecognized_name", "internal_error")
"""The alerts of nginx, and of Go, in which Traefik with `sniStrict` is written."""
_RESTART = "then run `{restart}`: it does not retry by itself"
_LIMITS = "Let's Encrypt allows 5 failures an hour and 5 equal certificates a week"
_OF_A_SPEC = {
    DNS_ELSEWHERE: f"`edgegen dns sync`, wait for the old TTL, {_RESTART}",
    PORT_80_CLOSED: f"open port 80 in the firewall and publish it, {_RESTART}",
    WRONG_AAAA: f"remove the AAAA record, or let this edge answer there, {_RESTART}",
    CAA_FAILS: f"the zone's name servers must answer it: `dig CAA` shows the same, its operator can help; {_RESTART}",
    CAA_FORBIDS: f"let CAA name the authority (`caa: true` under the domain does it), {_RESTART}",
    BEHIND_PROXY: "use `challenge: dns`, or `proxied: false` for this host",
    NOT_ANSWERED: f"find the program that has the port (`ss -ltnp`) and stop it, {_RESTART}",
    ACME_NOT_RETRIED: (
        "`edgegen logs traefik` has the reason (give acme.json mode 600 if it names that file); then run, once, "
        f"`{{restart}}`: {_LIMITS}"
    ),
}
_OF_ANYBODY = {
    DNS_ELSEWHERE: "point the DNS at this server, wait for the old TTL, {retry}",
    PORT_80_CLOSED: "open port 80 in the firewall and publish it, {retry}",
    WRONG_AAAA: "remove the AAAA record, or let this server answer there, {retry}",
    CAA_FAILS: "the zone's name servers must answer it: `dig CAA` shows the same, its operator can help; {retry}",
    CAA_FORBIDS: "let a CAA record name the authority, {retry}",
    BEHIND_PROXY: "use the DNS challenge, or turn the proxy off for this host (DNS only)",
    NOT_ANSWERED: "find the program that has the port (`ss -ltnp`) and stop it, {retry}",
    ACME_NOT_RETRIED: "whatever renews it (Traefik, certbot …) logs why it could not; {retry}. " + _LIMITS,
}


def judge(seen: Observation, context: Context) -> Iterator[Judgement]:
    """At most one finding: the first cause. None where no ACME authority is meant to have issued anything."""
    if not seen.endpoint.ca and not any(map(_looks_like_acme, seen.addresses)):
        return
    # Whether it is Cloudflare that answers: as the spec wants, or as all its addresses say.
    addresses = (item.address for item in seen.addresses)
    proxied = bool(seen.endpoint.proxied) or all_cloudflares(addresses, context.cloudflare)
    others = {item.address: why for item in seen.addresses if (why := _another_cause(item, context.now))}
    faults = [why for item in seen.addresses if item.address not in others and (why := _fault(seen, item, context.now))]
    if faults:
        yield _why(seen, first_few(dict.fromkeys(faults)), proxied=proxied)
    elif others:
        yield Unseen("; ".join(dict.fromkeys(others.values())))
    elif last := _never_again(seen):
        yield last
    elif proxied:
        return  # a good certificate there is Cloudflare's, and says nothing about ours
    elif good := [item.leaf for item in seen.addresses if item.leaf]:
        yield Good(f"issued by {shown(issuing_organisation(good[0]))}", aspect=Aspect.ACME)
    else:
        yield Unseen("no address has shown a certificate")


def _never_again(seen: Observation) -> Fault | None:
    """A good certificate that is the last one: what forbids the next one is silent until this one ends."""
    renewed = seen.endpoint.is_renewed_by_a_public_authority and any(item.leaf for item in seen.addresses)
    why = forbidden(seen.caa.records or (), seen.endpoint) if renewed else ""
    hint = (
        "let CAA name the authority (`caa: true` under the domain does it), or set the one that it names as `acme.ca`"
    )
    return Fault(CAA_FORBIDS, f"the certificate can't be renewed: {why}", hint, aspect=Aspect.ACME) if why else None


def _another_cause(item: AddressSeen, now: datetime) -> str:
    """Why a certificate is bad through no fault of its issuance, or ""."""
    leaf = item.leaf
    if leaf is None:
        return ""
    if is_traefik_default(leaf) and any(map(is_own_404, item.answers)):
        return "no router knows this host, so no certificate was ever requested: see http-answer"
    apart = skew(item)
    if apart is not None and now + apart < leaf.not_after <= now:
        return "the certificate has expired by this machine's clock, but not by the server's: see clock"
    return ""


def _why(seen: Observation, fault: str, *, proxied: bool) -> Judgement:
    first, *others = [*causes(seen, behind_proxy=proxied), _nothing_else(seen)]
    also = f"; also {'; '.join(cause.sentence for cause in others[:-1])}" if others[:-1] else ""
    return Fault(
        first.verdict, f"{fault}: {first.sentence}{also}", hint=_hint(first.verdict, seen), aspect=first.aspect
    )


def _hint(verdict: Verdict, seen: Observation) -> str:
    restart = seen.endpoint.restart
    if seen.endpoint.has_spec:
        return _OF_A_SPEC[verdict].format(restart=restart)
    retry = _RESTART.format(restart=restart) if runs_traefik(seen) else "then renew it again"
    return _OF_ANYBODY[verdict].format(retry=retry)


def _nothing_else(seen: Observation) -> Cause:
    """Everything visible from here is right: the last possible cause."""
    leaf = next((item.leaf for item in seen.addresses if item.leaf), None)
    if not runs_traefik(seen):
        sentence = "everything that an authority needs is in place"
    elif leaf and is_staging(leaf):
        sentence = "Traefik keeps serving what is in acme.json, even after `ca` was changed; remove it from there"
    else:
        sentence = (
            "everything that an authority needs is in place, and Traefik does not repeat a failed attempt by itself"
        )
    return Cause(ACME_NOT_RETRIED, sentence, Aspect.ACME)


def _fault(seen: Observation, item: AddressSeen, now: datetime) -> str:
    """What is wrong with an address's certificate that a new one would fix, or ""."""
    if item.tls and item.tls.failure and _has_none(item.tls.failure):
        return f"no certificate is shown for this name ({in_words(item.tls.failure)})"
    if any(answer.status in _ORIGIN_IS_BAD for answer in item.answers):
        return "Cloudflare does not get a good certificate from the edge"
    leaf = item.leaf
    return "" if leaf is None else _bad(leaf, seen, item, now)


def _has_none(failure: Failure) -> bool:
    """Whether an alert says that the server has no certificate for the name. Others are about protocols and suites."""
    said = failure.detail.lower().replace(" ", "_")
    return failure.trouble is Trouble.ALERT and any(word in said for word in _NO_CERTIFICATE)


def _bad(leaf: CertificateSeen, seen: Observation, item: AddressSeen, now: datetime) -> str:
    if is_traefik_default(leaf):
        return "Traefik shows its default certificate"
    if leaf.not_after <= now:
        return f"the certificate expired on {leaf.not_after:%Y-%m-%d}"
    if is_staging(leaf) and not wants_staging(seen.endpoint.ca):
        return "the certificate is from the staging authority"
    if item.tls is not None and item.tls.verified:
        return ""
    if leaf.self_signed:
        return "the certificate is self-signed"
    return "" if covers(leaf.names, seen.endpoint.host) else "the certificate is for other names"


def _looks_like_acme(item: AddressSeen) -> bool:
    """Whether a host without a spec gets its certificates from an ACME authority, or waits for one."""
    leaf = item.leaf
    return leaf is not None and (
        is_traefik_default(leaf) or is_staging(leaf) or issuing_organisation(leaf) in NAMES.values()
    )


CHECK = Check("EV021", "certificate-issuance", Hop.TLS, tuple(_OF_A_SPEC), judge)
