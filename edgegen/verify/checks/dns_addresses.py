"""The DNS answers what the spec says.

What it does
    Compares the answers of the resolver and of each authoritative name server with the addresses, the CNAME or the
    proxy of the spec, separately for each family. Behind Cloudflare's proxy the origin's addresses are hidden on
    purpose: then the answer has to be Cloudflare's, and the good state is called `proxied-ok`. Without a spec it shows
    the answers and judges nothing.

Why
    A record that an earlier server left behind sends visitors, and the authority that checks a challenge, to the wrong
    server. Let's Encrypt prefers IPv6: with one forgotten AAAA record no certificate is issued, while every browser on
    IPv4 works.

Example
    `addresses: [157.245.51.137]`, but the zone still has `AAAA 2604:a880::1` of the previous server.

Instead
    `edgegen dns plan` shows the difference and `edgegen dns sync` writes the records. Records that are not edgegen's
    stay until `--adopt NAME`, or until you delete them where they were made.

Verdicts
    dns-wrong-address: an address other than the spec's, one where the spec has none, or none where it has one.
    unexpected-proxy: Cloudflare's proxy answers although the spec says `proxied: false`. Critical for a registry:
        uploads over 100 MB are cut off.
    not-proxied: the spec wants the proxy, but the origin's own address is public.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.cloudflare import all_cloudflares
from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.endpoints import Aspect, Kind
from edgegen.lookup import Reply
from edgegen.lookup.model import KINDS
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.dns_words import (
    addresses,
    at,
    has_address,
    in_words,
    needs_dns,
    of_authorities,
    said_by,
    without_dns64,
)
from edgegen.verify.checks.expected import FAULTY, Expected, Match
from edgegen.verify.observation import Observation

DNS_WRONG_ADDRESS = Verdict("dns-wrong-address", Severity.HIGH)
UNEXPECTED_PROXY = Verdict("unexpected-proxy", Severity.HIGH)
NOT_PROXIED = Verdict("not-proxied", Severity.MEDIUM)

_SYNC = "`edgegen dns plan` shows the difference, `edgegen dns sync` fixes it"
_Settled = dict[int, tuple[Match, Reply]]


def judge(seen: Observation, context: Context) -> Iterator[Judgement]:
    """Both families compared with the spec; nothing if no DNS is needed."""
    if not needs_dns(seen):
        return
    if not has_address(seen.names):
        yield Unseen("the name has no address")
        return
    expected = Expected(seen.endpoint, context.cloudflare)
    settled = {family: expected.settle(family, seen.names) for family in seen.names.resolved}
    faults = {family: item for family, item in settled.items() if item[0] in FAULTY}
    yield from _failed(seen, expected, faults)
    if not faults:
        yield _not_failed(seen, expected, settled)


def _failed(seen: Observation, expected: Expected, faults: _Settled) -> Iterator[Judgement]:
    by_match = {match: {f: reply for f, (m, reply) in faults.items() if m is match} for match in FAULTY}
    if proxy := by_match[Match.PROXY]:
        yield _unexpected_proxy(seen, _values(proxy))
    if bare := by_match[Match.BARE]:
        message = f"the DNS shows the origin itself ({addresses(_values(bare))}), and the spec wants Cloudflare's proxy"
        yield Fault(NOT_PROXIED, message, hint=f"{_SYNC}; it warns if the zone is paused", aspect=Aspect.PROXIED)
    wrong = by_match[Match.WRONG]
    if wrong and seen.endpoint.cname and not seen.endpoint.proxied:
        yield _wrong_cname(seen, expected, wrong)
        return
    for family, reply in wrong.items():
        yield _wrong_address(seen, expected, family, reply)


def _values(replies: dict[int, Reply]) -> tuple[str, ...]:
    return tuple(value for reply in replies.values() for value in reply.values)


def _unexpected_proxy(seen: Observation, values: tuple[str, ...]) -> Judgement:
    registry = seen.endpoint.kind is Kind.REGISTRY
    cut = " and cuts off uploads over 100 MB" if registry else ""
    return Fault(
        UNEXPECTED_PROXY,
        f"Cloudflare's proxy answers ({addresses(values)}){cut}, and the spec says `proxied: false`",
        hint="`edgegen dns sync` turns the proxy off" + ("" if registry else ", or set `proxied: true`"),
        aspect=Aspect.PROXIED,
        severity=Severity.CRITICAL if registry else None,
    )


def _wrong_cname(seen: Observation, expected: Expected, wrong: dict[int, Reply]) -> Judgement:
    family, reply = next(iter(wrong.items()))
    got = f"leads to {shown(reply.cnames[0])}" if reply.cnames else f"has no CNAME, but {addresses(reply.values)}"
    message = f"{seen.endpoint.host} {got}, and the spec wants CNAME {seen.endpoint.cname}"
    message += _wrong_authorities(seen, expected, family)
    return Fault(DNS_WRONG_ADDRESS, message, hint=_mend(seen), aspect=Aspect.DNS)


def _mend(seen: Observation) -> str:
    """A record that edgegen did not create is only taken over by name."""
    name = seen.endpoint.shown.partition(":")[0] if seen.endpoint.shown.startswith("*.") else seen.endpoint.host
    return f"{_SYNC}; with `--adopt {name}` if edgegen did not create the record"


def _wrong_address(seen: Observation, expected: Expected, family: int, reply: Reply) -> Judgement:
    kind, wanted = KINDS[family], expected.wanted(family) or ()
    if not reply.values:
        message = f"there is no {kind} record, and the spec wants {addresses(wanted)}"
    elif not wanted:
        message = f"{kind} answers {addresses(reply.values)}, and the spec has no IPv{family} address"
    else:
        message = f"{kind} answers {addresses(reply.values)}, and the spec wants {addresses(wanted)}"
    if family == 6 and reply.values and seen.endpoint.challenge in ("http", "tls"):
        message += ". Let's Encrypt prefers IPv6, and does not reach this edge there"
    message += _wrong_authorities(seen, expected, family)
    return Fault(DNS_WRONG_ADDRESS, message, hint=_mend(seen), aspect=Aspect.DNS)


def _wrong_authorities(seen: Observation, expected: Expected, family: int) -> str:
    """The authoritative servers that don't say what the spec says, with their answers."""
    by_answer: dict[str, list[str]] = {}
    for reply in of_authorities(seen.names, family):
        if expected.match(family, reply) in FAULTY:
            by_answer.setdefault(in_words(reply), []).append(at(reply))
    said = [said_by(servers, answer) for answer, servers in by_answer.items()]
    return f"; of the zone's own name servers, {', '.join(said)}" if said else ""


def _not_failed(seen: Observation, expected: Expected, settled: _Settled) -> Judgement:
    """Good, or what could not be compared."""
    matches = {family: match for family, (match, _) in settled.items()}
    if Match.UNSETTLED in matches.values():
        return Unseen("the servers don't agree: see dns-consistency")
    untold = [KINDS[family] for family, match in matches.items() if match is Match.UNTOLD]
    if untold:
        return Unseen(f"no answer for {' and '.join(untold)}: see dns-resolution")
    return _good(seen, expected)


def _good(seen: Observation, expected: Expected) -> Judgement:
    endpoint = seen.endpoint
    found = tuple(value for reply in seen.names.resolved.values() for value in without_dns64(reply).values)
    if endpoint.proxied:
        message = f"Cloudflare's proxy answers, as the spec wants: {addresses(found)}"
        return Good(message, aspect=Aspect.PROXIED, word="proxied-ok")
    if endpoint.cname:
        return Good(f"CNAME {endpoint.cname}, as the spec says", aspect=Aspect.DNS)
    if endpoint.ipv4 is None and endpoint.ipv6 is None:
        whose = " (Cloudflare's proxy)" if all_cloudflares(found, expected.ranges) else ""
        return Good(f"{addresses(found)}{whose}; no spec says what it should be", aspect=Aspect.DNS)
    return Good(f"{addresses(found)}, as the spec says", aspect=Aspect.DNS)


CHECK = Check("EV002", "dns-addresses", Hop.DNS, (DNS_WRONG_ADDRESS, UNEXPECTED_PROXY, NOT_PROXIED), judge)
