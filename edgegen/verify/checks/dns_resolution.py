"""The name resolves.

What it does
    Asks the resolver for A and AAAA of the host, and finds out why there is no address. One family is enough.

Why
    Nothing works without an address. Most programs say `could not resolve host` for seven different causes, and each of
    them is fixed in a different place.

Example
    The DNS was moved to another provider, but the old DS record stayed at the registrar: every resolver that checks
    DNSSEC, including Let's Encrypt's, gets SERVFAIL, and the others get an answer.

Instead
    `edgegen dns plan` shows which records are missing. Settings of the whole zone (its name servers, its DS record) are
    at the registrar.

Verdicts
    dns-nxdomain: the name does not exist, or the name that its CNAME leads to.
    dns-nodata: the name exists but has no address in either family.
    dns-servfail: the resolver could not find out: the zone's name servers are broken, or don't serve the zone.
    dns-loop: the CNAMEs form a loop.
    dnssec-bogus: there is an answer, but its signatures are not valid; or the DS record at the registrar is for a key
        that the zone does not have. This is seen even if this machine's resolver does not check DNSSEC.
    dns-refused: the resolver refuses to answer this machine; nothing is known about the name.
    dns-timeout: no resolver answered in time; nothing is known about the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.core.finding import Outcome, Severity
from edgegen.core.reserved import is_reserved
from edgegen.core.show import shown
from edgegen.endpoints import Aspect
from edgegen.lookup import Reply, Status
from edgegen.lookup.model import KINDS
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.dns_words import addresses, has_address, needs_dns, of_authorities
from edgegen.verify.observation import NamesSeen, Observation

DNS_NXDOMAIN = Verdict("dns-nxdomain", Severity.HIGH)
DNS_NODATA = Verdict("dns-nodata", Severity.HIGH)
DNS_SERVFAIL = Verdict("dns-servfail", Severity.HIGH)
DNS_LOOP = Verdict("dns-loop", Severity.HIGH)
DNSSEC_BOGUS = Verdict("dnssec-bogus", Severity.HIGH)
DNS_REFUSED = Verdict("dns-refused", Severity.HIGH, Outcome.UNKNOWN)
DNS_TIMEOUT = Verdict("dns-timeout", Severity.HIGH, Outcome.UNKNOWN)

_VERDICTS = {
    Status.NXDOMAIN: DNS_NXDOMAIN,
    Status.SERVFAIL: DNS_SERVFAIL,
    Status.LOOP: DNS_LOOP,
    Status.REFUSED: DNS_REFUSED,
}
_HINTS = {
    DNS_SERVFAIL: "do the name servers at the registrar serve this zone? `dig +trace` shows where resolving fails",
    DNS_LOOP: "give one of these names an address instead of a CNAME",
    DNSSEC_BOGUS: "remove the old DS record at the registrar, or sign the zone with the key it names",
    DNS_REFUSED: "ask another resolver: `--resolver 1.1.1.1`",
    DNS_TIMEOUT: "is the network up, and outgoing port 53 open? Try another resolver: `--resolver 1.1.1.1`",
}


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The resolver's answers; nothing if no DNS is needed."""
    if not needs_dns(seen):
        return
    names = seen.names
    if not names.resolved:
        yield Unseen("the run was stopped" if seen.incomplete else "no resolver was asked")
        return
    verdicts = {family: _verdict(reply, names) for family, reply in names.resolved.items()}
    for verdict in dict.fromkeys(filter(None, verdicts.values())):
        families = [family for family, own in verdicts.items() if own == verdict]
        message, hint = _message(seen, verdict, families), _HINTS.get(verdict) or _what_is_missing(seen, verdict)
        yield Fault(verdict, message, hint=hint, aspect=Aspect.DNS)
    if names.dnssec_trouble and DNSSEC_BOGUS not in verdicts.values():
        told = f"{names.dnssec_trouble}: resolvers that check DNSSEC (1.1.1.1, 8.8.8.8, Let's Encrypt's) get no answer"
        yield Fault(DNSSEC_BOGUS, told, _HINTS[DNSSEC_BOGUS], aspect=Aspect.DNS)
    elif not any(verdicts.values()):
        yield Good(_found(names), aspect=Aspect.DNS)


def _verdict(reply: Reply, names: NamesSeen) -> Verdict | None:
    """What is wrong with a family's answer. A missing address is only wrong if both families lack one."""
    if reply.status is Status.ANSWER:
        return None
    if reply.status is Status.NODATA:
        return DNS_NODATA if all(one.status is Status.NODATA for one in names.resolved.values()) else None
    if reply.status is Status.SERVFAIL and names.bogus:
        return DNSSEC_BOGUS
    return _VERDICTS.get(reply.status, DNS_TIMEOUT)


def _message(seen: Observation, verdict: Verdict, families: list[int]) -> str:
    host = seen.endpoint.host
    reply = seen.names.resolved[families[0]]
    text = {
        DNS_NXDOMAIN: _does_not_exist(host, reply),
        DNS_NODATA: f"{host} exists and has no address, neither A nor AAAA",
        DNS_SERVFAIL: f"{_resolver(reply)} can't resolve {host} ({reply.detail or 'SERVFAIL'})",
        DNS_LOOP: f"the CNAMEs form a loop: {' → '.join((host, *map(shown, reply.cnames[:8])))}",
        DNSSEC_BOGUS: f"{host} is only answered without DNSSEC validation: the signatures are not valid",
        DNS_REFUSED: f"{_resolver(reply)} refuses to answer",
        DNS_TIMEOUT: f"{_resolver(reply)}: {shown(reply.detail) if reply.detail else 'no answer'}",
    }[verdict]
    return text + _one_family(seen.names, families) + _known_by_authorities(seen.names, verdict, families)


def _resolver(reply: Reply) -> str:
    return f"the resolver {reply.server}" if reply.server.address else str(reply.server)


def _what_is_missing(seen: Observation, verdict: Verdict) -> str:
    """How to get the records of a name that has none."""
    if has_address(seen.names):
        return "its name servers deny a name that they know: contact their operator"
    if _known(seen.names, (4, 6)):
        return "wait, or ask another resolver: `--resolver 1.1.1.1`"
    host = seen.endpoint.host
    if is_reserved(host) and not seen.endpoint.zone:
        detour = f"`--connect-to {host}:{seen.endpoint.port}:127.0.0.1:{seen.endpoint.port}`"
        return f"no public DNS has this name: add it to your own DNS or to /etc/hosts, or give its address: {detour}"
    shows = "`edgegen dns plan` shows what is missing" if seen.endpoint.zone else "add the record where its DNS is kept"
    if verdict is DNS_NODATA:
        return f"{shows}: an A record, or AAAA"
    return f"{shows}; is the domain registered, and do its NS records name the servers that have it?"


def _does_not_exist(host: str, reply: Reply) -> str:
    if reply.cnames:
        return f"{host} leads to {shown(reply.cnames[-1])}, which does not exist (NXDOMAIN)"
    return f"{host} does not exist (NXDOMAIN)"


def _one_family(names: NamesSeen, families: list[int]) -> str:
    """Which type of record it was, if the other one has an answer: some resolvers then deny both."""
    if len(families) == len(names.resolved):
        return ""
    asked = f", asked for {' and '.join(KINDS[family] for family in families)}"
    answered = [KINDS[family] for family, reply in names.resolved.items() if reply.status is Status.ANSWER]
    return f"{asked}; {' and '.join(answered)} is answered" if answered else asked


def _known_by_authorities(names: NamesSeen, verdict: Verdict, families: list[int]) -> str:
    """That the zone's own servers already have it: the resolver still caches the old answer."""
    known = _known(names, families) if verdict in (DNS_NXDOMAIN, DNS_NODATA) else []
    if not known:
        return ""
    ttl = max(names.resolved[family].ttl for family in families)
    wait = f" for up to {ttl} s" if ttl else ""
    return f"; its own name servers answer {addresses(known[0].values)}, and resolvers cache the old answer{wait}"


def _known(names: NamesSeen, families: Iterable[int]) -> list[Reply]:
    """The answers of the zone's own servers that have an address."""
    return [reply for family in families for reply in of_authorities(names, family) if reply.values]


def _found(names: NamesSeen) -> str:
    way = f"via {shown(names.cname[-1])}: " if names.cname else ""
    return way + ", ".join(
        f"{KINDS[family]} {addresses(reply.values)}" if reply.values else f"no {KINDS[family]}"
        for family, reply in names.resolved.items()
    )


CHECK = Check(
    "EV001",
    "dns-resolution",
    Hop.DNS,
    (DNS_NXDOMAIN, DNS_NODATA, DNS_SERVFAIL, DNS_LOOP, DNSSEC_BOGUS, DNS_REFUSED, DNS_TIMEOUT),
    judge,
)
