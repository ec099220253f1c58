"""All servers of the zone say the same.

What it does
    Asks every address of every authoritative name server of the zone for A and AAAA, demands that it answers with
    authority, and compares the answers with each other and with the resolver's. Behind Cloudflare's proxy the
    addresses may rotate: any of Cloudflare's counts as any other.

Why
    Which server is asked is chance, and an old answer lives on in caches. So a part of the visitors sees the new
    address and a part the old one; an authority that looks from several places sees both, and refuses.

Example
    `ns1` has the new address, `ns2` at another provider was not told. Or the record was changed a minute ago, and
    resolvers may keep the old answer for its TTL.

Instead
    Wait for the TTL. When the name servers differ among themselves for longer, look at the transfer of the zone to
    the one that is behind, or take it out of the zone's NS records and of those at the registrar.

Verdicts
    dns-inconsistent: the authorities differ from each other, or the resolver from them.
    dns-lame: an authority answers without authority, or not at all. A remark: resolvers go on to the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.core.finding import Finding, Severity
from edgegen.endpoints import Aspect
from edgegen.lookup import Reply, Status
from edgegen.verify.checks.addresses import listed
from edgegen.verify.checks.check import Check, Context, Verdict
from edgegen.verify.checks.cloudflare import all_cloudflares
from edgegen.verify.checks.replies import KINDS, at, has_address, in_words, needs_dns, of_authorities
from edgegen.verify.observation import NamesSeen, Observation
from edgegen.verify.scope import spelled

_LAME = {
    Status.LAME: "answers without authority",
    Status.REFUSED: "refuses to answer",
    Status.SERVFAIL: "can't answer (SERVFAIL)",
    Status.TIMEOUT: "gives no answer",
    Status.UNREACHABLE: "can't be reached",
}


def judge(seen: Observation, context: Context) -> Iterator[Finding]:
    """The authorities among themselves and with the resolver; nothing where no authority is to be asked."""
    names = seen.names
    if seen.endpoint.zone is None or not needs_dns(seen):
        return
    if not names.authorities:
        yield CHECK.not_seen(seen, names.authorities_trouble or "no name server of the zone was asked")
        return
    told = [family for family in KINDS if of_authorities(names, family)]
    if not told:
        yield CHECK.not_seen(seen, _no_word(names))
        return
    if lame := _lame_servers(names):
        hint = "let it serve the zone, or take it out of the NS records, at the registrar too"
        yield CHECK.finding(seen, "dns-lame", lame, hint=hint, aspect=Aspect.DNS)
    yield from _compared(seen, told, context.cloudflare)


def _no_word(names: NamesSeen) -> str:
    """Why no authority says anything: the servers themselves, or port 53 that is closed outwards."""
    return f"no name server of the zone tells: {_lame_servers(names) or 'this machine has no way to them'}"


def _lame_servers(names: NamesSeen) -> str:
    """Each server with what is wrong about it, and of which type of record where it is not all of them."""
    said: dict[str, list[int]] = {}
    for family, reply in names.authorities:
        if reply.status in _LAME:
            said.setdefault(f"{at(reply)} {_LAME[reply.status]}", []).append(family)
    return listed(
        sentence if len(families) > 1 else f"{sentence} to {KINDS[families[0]]}" for sentence, families in said.items()
    )


def _compared(seen: Observation, told: list[int], ranges: tuple[str, ...]) -> Iterator[Finding]:
    names = seen.names
    among = [family for family in told if _differ(of_authorities(names, family), ranges)]
    with_resolver = [family for family in told if _differ(_all_replies(names, family), ranges)]
    if among or (with_resolver and has_address(names)):
        yield _inconsistent(seen, with_resolver, among)
    elif with_resolver:
        yield CHECK.not_seen(seen, "the resolver has no address to compare: dns-resolution says more")
    elif len(told) < len(KINDS):
        missing = next(KINDS[family] for family in KINDS if family not in told)
        yield CHECK.not_seen(seen, f"no name server of the zone answers {missing}")
    elif not all(_is_told(names.resolved.get(family)) for family in told):
        yield CHECK.not_seen(seen, "the resolver has no answer to compare: dns-resolution says more")
    elif not _lame_servers(names):
        yield CHECK.passed(seen, _same(names), aspect=Aspect.DNS)


def _all_replies(names: NamesSeen, family: int) -> list[Reply]:
    """The authorities' answers and the resolver's, as far as they say something of the name."""
    resolver = names.resolved.get(family)
    return [*of_authorities(names, family), *([resolver] if resolver and _is_told(resolver) else [])]


def _is_told(reply: Reply | None) -> bool:
    return reply is not None and reply.status.tells


def _differ(replies: Iterable[Reply], ranges: tuple[str, ...]) -> bool:
    return len({_essence(reply, ranges) for reply in replies}) > 1


def _essence(reply: Reply, ranges: tuple[str, ...]) -> tuple[str, ...]:
    """What has to be the same. An authority may know only where a CNAME leads, and not what is there."""
    if reply.status is Status.LOOP:
        return ("loop",)
    if reply.cnames:
        return ("cname", reply.cnames[0])
    if all_cloudflares(reply.values, ranges):
        return ("cloudflare",)
    # That a name does not exist, or has no such record, comes to the same for whoever wants its address.
    return ("addresses", *sorted(spelled(value) for value in reply.values))


def _inconsistent(seen: Observation, families: list[int], among: list[int]) -> Finding:
    names = seen.names
    differing = [reply for family in families for reply in _all_replies(names, family)]
    ttl = max(reply.ttl for reply in differing)
    wait = f"; resolvers may keep an old answer for up to {ttl} s" if ttl else ""
    said = "; ".join(f"{KINDS[family]}: {_by_answer(names, family)}" for family in families)
    hint = (
        "wait for that time; if the name servers still differ, look at the transfer of the zone between them"
        if among
        else f"it was changed lately: wait{f' {ttl} s' if ttl else ''}, or ask the name servers (`--resolver`)"
    )
    return CHECK.finding(seen, "dns-inconsistent", said + wait, hint=hint, aspect=Aspect.DNS)


def _by_answer(names: NamesSeen, family: int) -> str:
    """Each answer with who gives it: `ns1 (192.0.2.54) says 192.0.2.10, the resolver 192.0.2.53 says …`."""
    said: dict[str, list[str]] = {}
    for reply in _all_replies(names, family):
        who = f"the resolver {reply.server}" if reply is names.resolved.get(family) else at(reply)
        said.setdefault(in_words(reply), []).append(who)
    return ", ".join(f"{listed(who)} {'says' if len(who) == 1 else 'say'} {answer}" for answer, who in said.items())


def _same(names: NamesSeen) -> str:
    servers = {reply.server for _, reply in names.authorities if reply.status.tells}
    return f"{len(servers)} name server{'s' if len(servers) > 1 else ''} of the zone and the resolver say the same"


CHECK = Check(
    "EV004",
    "dns-consistency",
    (Verdict("dns-inconsistent", Severity.MEDIUM), Verdict("dns-lame", Severity.LOW)),
    judge,
)
