"""All servers of the zone agree.

What it does
    Asks every address of every authoritative name server of the zone for A and AAAA, requires an authoritative answer,
    and compares the answers with each other and with the resolver's. Servers that only the registrar names (the zone
    above) are asked as well. Behind Cloudflare's proxy the addresses may rotate: all of Cloudflare's count as the same.
    So do all addresses that replace a CNAME at the apex. Addresses that DNS64 makes up for a network without IPv4 don't
    count.

Why
    Which server is asked is chance, and caches keep old answers. So some visitors see the new address and some the old
    one; an authority that checks from several places sees both, and refuses.

Example
    `ns1` has the new address, but `ns2` at another provider did not get it. Or the record changed a minute ago, and
    resolvers may keep the old answer for its TTL. Or the registrar still names a server of the provider before, with
    the records of then.

Instead
    Wait for the TTL. If the name servers still differ after that, check the zone transfer to the one that is behind, or
    remove it from the zone's NS records and from those at the registrar.

Verdicts
    dns-inconsistent: the authorities differ from each other, or the resolver from them. If all authorities are wrong,
        and only the resolver is right or wrong in another way, EV002 reports it.
    dns-lame: an authority answers without authority, or not at all. A remark: resolvers go on to the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from edgegen.core.cloudflare import all_cloudflares
from edgegen.core.finding import Severity
from edgegen.core.show import first_few
from edgegen.endpoints import Aspect
from edgegen.lookup import Reply, Status
from edgegen.lookup.model import KINDS
from edgegen.system.internet import spelled
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.dns_words import at, has_address, in_words, needs_dns, of_authorities, said_by, without_dns64
from edgegen.verify.checks.expected import FAULTY, Expected, is_flattened
from edgegen.verify.observation import NamesSeen, Observation

DNS_INCONSISTENT = Verdict("dns-inconsistent", Severity.MEDIUM)
DNS_LAME = Verdict("dns-lame", Severity.LOW)

_LAME = {
    Status.LAME: "answers without authority",
    Status.REFUSED: "refuses to answer",
    Status.SERVFAIL: "can't answer (SERVFAIL)",
    Status.TIMEOUT: "gives no answer",
    Status.UNREACHABLE: "can't be reached",
}


def judge(seen: Observation, context: Context) -> Iterator[Judgement]:
    """The authorities among themselves and with the resolver; nothing if no authority has to be asked."""
    names = seen.names
    if seen.endpoint.zone is None or not needs_dns(seen):
        return
    if not names.authorities:
        yield Unseen(names.authorities_trouble or "no name server of the zone was asked")
        return
    told = [family for family in KINDS if of_authorities(names, family)]
    if not told:
        why = _lame_servers(names) or "they are out of reach from this machine"  # outgoing port 53 is blocked
        yield Unseen(f"no name server of the zone answers: {why}")
        return
    if lame := _lame_servers(names):
        hint = "configure it to serve the zone, or remove it from the NS records, also at the registrar"
        yield Fault(DNS_LAME, lame, hint=hint, aspect=Aspect.DNS)
    yield from _compared(seen, told, context.cloudflare)


def _lame_servers(names: NamesSeen) -> str:
    """Each server with what is wrong, and the type of record if it is only one."""
    said: dict[str, list[int]] = {}
    for family, reply in names.authorities:
        if reply.status in _LAME:
            said.setdefault(f"{at(reply)} {_LAME[reply.status]}", []).append(family)
    return first_few(
        sentence if len(families) > 1 else f"{sentence} to {KINDS[families[0]]}" for sentence, families in said.items()
    )


def _compared(seen: Observation, told: list[int], ranges: tuple[str, ...]) -> Iterator[Judgement]:
    names = seen.names
    among = [family for family in told if _differ(seen, of_authorities(names, family), ranges)]
    with_resolver = [family for family in told if _differ(seen, _told_by_all(names, family), ranges)]
    if among:
        yield _inconsistent(seen, with_resolver, _among(seen, among, ranges))
    elif with_resolver and not has_address(names):
        yield Unseen("the resolver has no address to compare: see dns-resolution")
    elif with_resolver and _all_are_wrong(seen, with_resolver, ranges):
        yield Unseen("the name servers answer what the spec does not want: see dns-addresses")
    elif with_resolver:
        yield _inconsistent(seen, with_resolver, _with_resolver(seen, with_resolver))
    else:
        yield from _agreed(seen, told)


def _agreed(seen: Observation, told: list[int]) -> Iterator[Judgement]:
    """All answers agree: that is good if every server answered."""
    names = seen.names
    if len(told) < len(KINDS):
        missing = next(KINDS[family] for family in KINDS if family not in told)
        yield Unseen(f"no name server of the zone answers {missing}")
    elif not all(_is_told(names.resolved.get(family)) for family in told):
        yield Unseen("the resolver has no answer to compare: see dns-resolution")
    elif not _lame_servers(names):
        yield Good(_same(names), aspect=Aspect.DNS)


def _all_are_wrong(seen: Observation, families: list[int], ranges: tuple[str, ...]) -> bool:
    """Whether the authorities agree on what the spec does not want: then the resolver is at most outdated."""
    expected = Expected(seen.endpoint, ranges)
    return any(expected.settle(family, seen.names)[0] in FAULTY for family in families)


def _inconsistent(seen: Observation, families: list[int], hint: str) -> Judgement:
    ttl = _longest(seen, families)
    wait = f"; resolvers may keep an old answer for up to {ttl} s" if ttl else ""
    said = "; ".join(f"{KINDS[family]}: {_by_answer(seen.names, family)}" for family in families)
    return Fault(DNS_INCONSISTENT, said + wait, hint=hint, aspect=Aspect.DNS)


def _longest(seen: Observation, families: list[int]) -> int:
    return max(reply.ttl for family in families for reply in _told_by_all(seen.names, family))


def _among(seen: Observation, families: list[int], ranges: tuple[str, ...]) -> str:
    if not _own_differ(seen, families, ranges):
        same = "let the registrar and the zone's own NS records name the same servers: resolvers ask all of them"
        moved = "After a move to another provider, wait up to two days until the old list is forgotten"
        return f"{same}. {moved}; if your own network keeps another version of the zone, `--resolver 1.1.1.1`"
    when = "wait for that time; if they still differ" if _longest(seen, families) else "if they keep differing"
    return f"{when}, check the zone transfer between the name servers"


def _own_differ(seen: Observation, families: list[int], ranges: tuple[str, ...]) -> bool:
    """Whether the servers differ that the zone itself names."""
    own = ([one for one in of_authorities(seen.names, family) if not one.server.only_above] for family in families)
    return any(_differ(seen, replies, ranges) for replies in own)


def _with_resolver(seen: Observation, families: list[int]) -> str:
    ttl = _longest(seen, families)
    hint = f"it was changed recently: wait{f' {ttl} s' if ttl else ''}"
    resolver = _of_resolver(seen.names, 6)
    if families == [6] and resolver is not None and not resolver.values:
        hint += "; or this resolver omits AAAA, as some do: ask another one (`--resolver 1.1.1.1`)"
    return hint


def _by_answer(names: NamesSeen, family: int) -> str:
    """Each answer with who gives it: `ns1 (192.0.2.54) says 192.0.2.10, the resolver 192.0.2.53 says …`."""
    said: dict[str, list[str]] = {}
    resolver = names.resolved.get(family)
    for reply in _told_by_all(names, family):
        own = resolver is not None and reply.server == resolver.server
        said.setdefault(in_words(reply), []).append(f"the resolver {reply.server}" if own else at(reply))
    return ", ".join(said_by(who, answer) for answer, who in said.items())


def _same(names: NamesSeen) -> str:
    servers = {reply.server for _, reply in names.authorities if reply.status.tells}
    return f"{len(servers)} name server{'s' if len(servers) > 1 else ''} of the zone and the resolver agree"


def _told_by_all(names: NamesSeen, family: int) -> list[Reply]:
    """The authorities' answers and the resolver's, as far as they say something about the name."""
    resolver = _of_resolver(names, family)
    return [*of_authorities(names, family), *([resolver] if resolver and _is_told(resolver) else [])]


def _of_resolver(names: NamesSeen, family: int) -> Reply | None:
    """Its answer, without its own additions, and with the CNAME that some resolvers leave out with AAAA."""
    reply = names.resolved.get(family)
    if reply is None:
        return None
    reply = without_dns64(reply)
    return replace(reply, cnames=names.cname) if reply.status is Status.NODATA and not reply.cnames else reply


def _is_told(reply: Reply | None) -> bool:
    """Whether it says something about the name."""
    return reply is not None and reply.status.tells


def _differ(seen: Observation, replies: Iterable[Reply], ranges: tuple[str, ...]) -> bool:
    """Whether the answers differ in what matters."""
    return len({_essence(seen, reply, ranges) for reply in replies}) > 1


def _essence(seen: Observation, reply: Reply, ranges: tuple[str, ...]) -> tuple[str, ...]:
    """What has to be the same. An authority may only know where a CNAME leads, not what is there."""
    if reply.status is Status.LOOP:
        return ("loop",)
    if reply.cnames:
        return ("cname", reply.cnames[0])
    if all_cloudflares(reply.values, ranges):
        return ("cloudflare",)
    if reply.values and is_flattened(seen.endpoint, reply):
        return ("flattened",)
    # For a client that wants an address, a missing name and a missing record are the same.
    return ("addresses", *sorted(spelled(value) for value in reply.values))


CHECK = Check("EV004", "dns-consistency", Hop.DNS, (DNS_INCONSISTENT, DNS_LAME), judge)
