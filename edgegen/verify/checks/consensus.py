"""What several servers say of one name and family, made comparable: a difference must be one that matters. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from edgegen.core.internet import spelled
from edgegen.lookup import Reply, Status
from edgegen.verify.checks.cloudflare import all_cloudflares
from edgegen.verify.checks.dns_words import of_authorities, without_dns64
from edgegen.verify.checks.expected import is_flattened
from edgegen.verify.observation import NamesSeen, Observation


def told_by_all(names: NamesSeen, family: int) -> list[Reply]:
    """The authorities' answers and the resolver's, as far as they say something of the name."""
    resolver = of_resolver(names, family)
    return [*of_authorities(names, family), *([resolver] if resolver and is_told(resolver) else [])]


def of_resolver(names: NamesSeen, family: int) -> Reply | None:
    """Its answer, without its own additions, and with the CNAME that some resolvers leave out with AAAA."""
    reply = names.resolved.get(family)
    if reply is None:
        return None
    reply = without_dns64(reply)
    return replace(reply, cnames=names.cname) if reply.status is Status.NODATA and not reply.cnames else reply


def is_told(reply: Reply | None) -> bool:
    """Whether it says something of the name."""
    return reply is not None and reply.status.tells


def differ(seen: Observation, replies: Iterable[Reply], ranges: tuple[str, ...]) -> bool:
    """Whether the answers come to more than one thing."""
    return len({_essence(seen, reply, ranges) for reply in replies}) > 1


def _essence(seen: Observation, reply: Reply, ranges: tuple[str, ...]) -> tuple[str, ...]:
    """What has to be the same. An authority may know only where a CNAME leads, and not what is there."""
    if reply.status is Status.LOOP:
        return ("loop",)
    if reply.cnames:
        return ("cname", reply.cnames[0])
    if all_cloudflares(reply.values, ranges):
        return ("cloudflare",)
    if reply.values and is_flattened(seen.endpoint, reply):
        return ("flattened",)
    # That a name does not exist, or has no such record, comes to the same for whoever wants its address.
    return ("addresses", *sorted(spelled(value) for value in reply.values))
