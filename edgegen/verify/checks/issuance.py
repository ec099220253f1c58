"""Why an authority would not issue a certificate, as far as can be seen from the outside. Pure.

Source of what authorities do: Let's Encrypt's documentation of its challenges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from edgegen.certificates.certificate import CertificateSeen
from edgegen.certificates.issuers import is_traefik_default
from edgegen.certificates.names import covers
from edgegen.core.finding import Severity
from edgegen.core.show import first_few, shown
from edgegen.endpoints import Aspect, Endpoint
from edgegen.lookup import Reply, Status
from edgegen.records import CAA_IDENTITIES
from edgegen.system.internet import spelled
from edgegen.verify.checks.caa import forbidden
from edgegen.verify.checks.check import Verdict
from edgegen.verify.checks.dns_words import without_dns64
from edgegen.verify.observation import AddressSeen, Failure, Observation, Response, Trouble, in_words

DNS_ELSEWHERE = Verdict("challenge-dns-elsewhere", Severity.MEDIUM)
PORT_80_CLOSED = Verdict("challenge-port-80-closed", Severity.MEDIUM)
WRONG_AAAA = Verdict("challenge-wrong-aaaa", Severity.MEDIUM)
CAA_FORBIDS = Verdict("challenge-caa-forbids", Severity.MEDIUM)
CAA_FAILS = Verdict("challenge-caa-fails", Severity.MEDIUM)
BEHIND_PROXY = Verdict("challenge-behind-proxy", Severity.MEDIUM)
NOT_ANSWERED = Verdict("challenge-not-answered", Severity.MEDIUM)
ACME_NOT_RETRIED = Verdict("acme-not-retried", Severity.MEDIUM)

_CHALLENGE_PORT = 80
"""HTTP-01 is asked on port 80, whatever port the spec publishes."""
_NO_ADDRESS = (Status.NXDOMAIN, Status.NODATA, Status.SERVFAIL, Status.LOOP)
"""Answers that give an authority no address either. A time-out may be this machine's own problem."""
_NOT_TOLD = (Trouble.NO_FAMILY, Trouble.LOCAL)


class Cause(Struct, frozen=True):
    """One reason: the verdict, a sentence without its full stop, and the part of the spec it belongs to."""

    verdict: Verdict
    sentence: str
    aspect: str = Aspect.HOST


def causes(seen: Observation, *, behind_proxy: bool) -> Iterator[Cause]:
    """Every visible reason, the most probable first."""
    if behind_proxy:
        yield from _proxy(seen.endpoint)
        yield from _caa(seen)
        return
    if seen.endpoint.challenge != "dns":
        yield from _dns(seen)
        yield from _port_80(seen)
        yield from _aaaa(seen)
    yield from _caa(seen)
    if seen.endpoint.challenge != "dns" and runs_traefik(seen):
        yield from _not_answered(seen)


def runs_traefik(seen: Observation) -> bool:
    """Whether Traefik gets the certificates: according to the spec, or to what a host outside the spec sends."""
    return seen.endpoint.has_spec or any(item.leaf and is_traefik_default(item.leaf) for item in seen.addresses)


def _dns(seen: Observation) -> Iterator[Cause]:
    resolved = [(family, without_dns64(reply)) for family, reply in seen.names.resolved.items()]
    replies = [*resolved, *seen.names.authorities]
    if strange := _elsewhere(seen.endpoint, replies):
        yield Cause(DNS_ELSEWHERE, f"DNS leads to {first_few(strange)}, which is not this edge", Aspect.DNS)
    elif replies and all(reply.status in _NO_ADDRESS for _, reply in replies):
        said = first_few(dict.fromkeys(reply.status.value.upper() for _, reply in replies))
        sentence = f"DNS gives no address for {seen.endpoint.host} ({said})"
        yield Cause(DNS_ELSEWHERE, sentence, Aspect.DNS)


def _elsewhere(endpoint: Endpoint, replies: Iterable[tuple[int, Reply]]) -> list[str]:
    """Addresses that the spec does not have. An AAAA although it has no IPv6 is another cause."""
    wanted = {4: endpoint.ipv4, 6: endpoint.ipv6 or None}
    return [
        value
        for value, family in dict.fromkeys((value, family) for family, reply in replies for value in reply.values)
        if (own := wanted[family]) is not None and spelled(value) not in map(spelled, own)
    ]


def _port_80(seen: Observation) -> Iterator[Cause]:
    if not _asked_on_80(seen.endpoint):
        return
    only_v6 = all(_is_v6(item) for item in seen.addresses)
    closed = [
        f"{item.address} ({in_words(item.plain_connect)})"
        for item in seen.addresses
        if item.plain_connect and item.plain_connect.trouble not in _NOT_TOLD and (only_v6 or not _is_v6(item))
    ]
    if closed:
        sentence = f"port 80, which HTTP-01 uses, does not answer on {first_few(closed)}"
        yield Cause(PORT_80_CLOSED, sentence)


def _asked_on_80(endpoint: Endpoint) -> bool:
    return endpoint.challenge in ("http", "") and endpoint.web_port == _CHALLENGE_PORT


def _aaaa(seen: Observation) -> Iterator[Cause]:
    resolved = seen.names.resolved.get(6)
    values = without_dns64(resolved).values if resolved else ()
    prefers = "and an authority prefers IPv6"
    if seen.endpoint.ipv6 == () and values:
        sentence = f"AAAA {first_few(map(shown, values))} answers although the spec has no IPv6 address, {prefers}"
        yield Cause(WRONG_AAAA, sentence, Aspect.DNS)
        return
    if all(_is_v6(item) for item in seen.addresses):
        return
    dead = [f"{item.address} ({in_words(trouble)})" for item in seen.addresses if (trouble := _dead_v6(seen, item))]
    if dead:
        yield Cause(WRONG_AAAA, f"AAAA leads to {first_few(dead)}, {prefers}", Aspect.DNS)


def _dead_v6(seen: Observation, item: AddressSeen) -> Failure | None:
    if not _is_v6(item):
        return None
    trouble = item.plain_connect if _asked_on_80(seen.endpoint) else item.connect
    return None if trouble is None or trouble.trouble in _NOT_TOLD else trouble


def _is_v6(item: AddressSeen) -> bool:
    return ":" in item.address


def _caa(seen: Observation) -> Iterator[Cause]:
    public = seen.endpoint.ca in CAA_IDENTITIES or not seen.endpoint.ca
    if public and seen.caa.failed_at:
        sentence = f"a question for CAA at {seen.caa.failed_at} fails (SERVFAIL), and authorities wait for an answer"
        yield Cause(CAA_FAILS, sentence, Aspect.DNS)
    elif why := forbidden(seen.caa.records or (), seen.endpoint):
        yield Cause(CAA_FORBIDS, why, Aspect.ACME)


def _proxy(endpoint: Endpoint) -> Iterator[Cause]:
    sentence = {
        "tls": "TLS-ALPN-01 never reaches Traefik behind Cloudflare's proxy, which terminates the TLS itself",
        "dns": "",
    }.get(
        endpoint.challenge,
        "HTTP-01 behind Cloudflare's proxy deadlocks once the zone redirects plain HTTP to https: the origin has "
        "no certificate yet",
    )
    if sentence:
        yield Cause(BEHIND_PROXY, sentence, Aspect.PROXIED)


def _not_answered(seen: Observation) -> Iterator[Cause]:
    if _asked_on_80(seen.endpoint):
        for item in seen.addresses:
            if item.plain and (why := _stranger(item.plain[0], seen.endpoint.host)):
                yield Cause(NOT_ANSWERED, f"port 80 of {item.address} {why}, so Traefik is not asked")
                return
    for item in seen.addresses:
        if name := _certificate_of_another(item.leaf, seen.endpoint.host):
            sentence = f"port {seen.endpoint.port} of {item.address} shows the certificate of {name}: another server"
            yield Cause(NOT_ANSWERED, sentence)
            return


def _stranger(answer: Response, host: str) -> str:
    """What shows that an answer on port 80 is not Traefik's, which sends no `Server` and stays on the host."""
    if answer.failure:
        return f"takes connections, and then: {in_words(answer.failure)}"
    if server := answer.header("server"):
        return f"is answered by {shown(server, 40)}"
    goal = _host(answer.header("location"))
    return f"redirects to {shown(goal)}" if goal and goal != host else ""


def _host(url: str) -> str:
    """The host of a URL, lower case; "" if there is none or it is not a URL."""
    try:
        return (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _certificate_of_another(leaf: CertificateSeen | None, host: str) -> str:
    """A name of a certificate that an authority gave to others: Traefik would show its default one instead."""
    if leaf is None or leaf.self_signed or is_traefik_default(leaf) or covers(leaf.names, host) or not leaf.names:
        return ""
    return shown(leaf.names[0])
