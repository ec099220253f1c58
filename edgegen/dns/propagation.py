"""What the provider, each authority and a resolver answer for the wanted records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.cloudflare import is_cloudflares
from edgegen.core.errors import OutsideError
from edgegen.dns.jobs import PlannedZone
from edgegen.dns.normal import content
from edgegen.dns.planning import wanted
from edgegen.lookup import DNS_PORT, Question, Reply, Server, Status, ask_all, ask_any, authorities
from edgegen.net.deadline import Deadline
from edgegen.records import ADDRESSES, POINTERS, Record, RecordType
from edgegen.system.clock import Clock

_PAUSE = 2.0


class Spread(Struct, frozen=True):
    """What is known about one record set: wanted, at the provider, at each authority, through the resolver."""

    name: str
    kind: RecordType
    wanted: tuple[str, ...]
    proxied: bool
    at_provider: tuple[str, ...]
    at_authorities: tuple[Reply, ...]
    resolved: Reply | None
    flattened: bool = False
    """A CNAME that the provider replaces with addresses, so that is what is asked for: behind its proxy, or at the zone
    itself, where the DNS allows no CNAME."""

    @property
    def verdict(self) -> str:
        """`ok`, or what is wrong, in a word or two."""
        if set(self.at_provider) != set(self.wanted):
            return "differs at the provider"
        replies = [*self.at_authorities, *([self.resolved] if self.resolved else [])]
        bad = [reply for reply in replies if not self.is_right(reply)]
        if not replies:
            return "not looked up"
        if not bad:
            return "ok"
        authorities_bad = [reply for reply in self.at_authorities if not self.is_right(reply)]
        if authorities_bad and len(authorities_bad) < len(self.at_authorities):
            return "inconsistent"
        first = (authorities_bad or bad)[0]
        if first.status is not Status.ANSWER:
            return first.status.value
        return "wrong address" if authorities_bad else f"old answer, up to {first.ttl} s"

    def is_right(self, reply: Reply) -> bool:
        """Whether a server answers what is wanted. For a proxied name: only addresses of Cloudflare."""
        if reply.status is not Status.ANSWER:
            return False
        if self.proxied:
            return all(is_cloudflares(value) for value in reply.values)
        if self.flattened:  # with the target's addresses, which change as its owner likes
            return True
        return {content(self.kind, value) for value in reply.values} == set(self.wanted)


def look_around(
    planned: Sequence[PlannedZone],
    resolvers: Sequence[Server],
    *,
    authority_port: int = DNS_PORT,
    through_resolver: bool = True,
) -> list[Spread]:
    """For every wanted name and address family: what the provider, each authority and the resolver answer.

    Raises OutsideError where the name servers of a zone can't be found.
    """
    seen = []
    for item in planned:
        # A zone file may be served anywhere: its authorities are looked up as for any other zone.
        servers = authorities(item.zone.name, resolvers, port=authority_port)
        sets, present = _by_set(wanted(item.task)), _by_set(existing.record for existing in item.listing.records)
        for (name, kind), records in sets.items():
            proxied = any(record.proxied for record in records)
            flattened = kind is RecordType.CNAME and (proxied or name == item.zone.name)
            asked = RecordType.A if flattened else kind
            have, replies = _contents(present.get((name, kind), ())), _told(servers, name, asked)
            resolved = ask_any(resolvers, name, asked.value) if through_resolver else None
            seen.append(Spread(name, kind, _contents(records), proxied, have, replies, resolved, flattened))
        # The old server's forgotten AAAA: addresses at wanted names in a family that the spec does not publish.
        names = {name for name, kind in sets if kind in ADDRESSES}
        for name, kind in sorted(present.keys() - sets.keys()):
            if kind in ADDRESSES and name in names:
                seen.append(Spread(name, kind, (), False, _contents(present[name, kind]), (), None))
    return seen


def _contents(records: Iterable[Record]) -> tuple[str, ...]:
    return tuple(sorted(record.content for record in records))


def _told(servers: Sequence[Server], name: str, kind: RecordType) -> tuple[Reply, ...]:
    """What the authorities answer, except those that this machine can't reach: not every machine has IPv6."""
    replies = ask_all([Question(server, name, kind.value, authority=True) for server in servers])
    return tuple(reply for reply in replies if reply.status is not Status.LOCAL)


def _by_set(records: Iterable[Record]) -> dict[tuple[str, RecordType], list[Record]]:
    sets: dict[tuple[str, RecordType], list[Record]] = {}
    for record in records:
        if record.type in POINTERS:
            sets.setdefault((record.name, record.type), []).append(record)
    return sets


def wait_until_seen(
    planned: Sequence[PlannedZone],
    resolvers: Sequence[Server],
    seconds: float,
    clock: Clock,
    *,
    authority_port: int = DNS_PORT,
    waiting: Callable[[Sequence[Spread], int, float], None] = lambda _late, _total, _left: None,
) -> list[Spread]:
    """Ask every authority until all answer what is wanted, at most `seconds`; returns what was seen last.

    `waiting` is called before each pause: (what is late, of how many, seconds left). Raises OutsideError where the name
    servers of a zone still can't be found at the end: those of a new zone appear while one waits.
    """
    deadline = Deadline.after(seconds)
    while True:
        try:
            seen = _at_authorities(planned, resolvers, authority_port)
        except OutsideError:
            if not deadline.left:
                raise
        else:
            late = [item for item in seen if item.verdict != "ok"]
            if not late or not deadline.left:
                return seen
            waiting(late, len(seen), deadline.left)
        clock.sleep(min(_PAUSE, deadline.left))


def _at_authorities(planned: Sequence[PlannedZone], resolvers: Sequence[Server], port: int) -> list[Spread]:
    """What the authorities answer. A resolver that is asked too early would keep its denial for minutes or hours."""
    return [
        # The provider has just been written to: `planned` still has its state before.
        replace(item, at_provider=item.wanted)
        for item in look_around(planned, resolvers, authority_port=port, through_resolver=False)
        if item.wanted
    ]
