"""What the provider, each authority and a resolver answer for the wanted records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.cloudflare import is_cloudflares
from edgegen.dns.jobs import PlannedZone
from edgegen.dns.normal import content
from edgegen.lookup import DNS_PORT, Question, Reply, Server, Status, ask_all, ask_any, authorities
from edgegen.net.deadline import Deadline
from edgegen.records import Record, RecordType
from edgegen.system.clock import Clock

_ADDRESSES = (RecordType.A, RecordType.AAAA)
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
        if self.proxied and self.kind in _ADDRESSES:
            return all(is_cloudflares(value) for value in reply.values)
        return {content(self.kind, value) for value in reply.values} == set(self.wanted)


def look_around(
    planned: Sequence[PlannedZone], resolvers: Sequence[Server], *, authority_port: int = DNS_PORT
) -> list[Spread]:
    """For every wanted name and address family: what the provider, each authority and the resolver answer."""
    seen = []
    for item in planned:
        # A zone file may be served anywhere: its authorities are looked up as for any other zone.
        servers = authorities(item.zone.name, resolvers, port=authority_port)
        wanted, present = _by_set(item.task.records), _by_set(existing.record for existing in item.listing.records)
        for (name, kind), records in wanted.items():
            have, replies = _contents(present.get((name, kind), ())), _told(servers, name, kind)
            proxied = any(record.proxied for record in records)
            resolved = ask_any(resolvers, name, kind.value)
            seen.append(Spread(name, kind, _contents(records), proxied, have, replies, resolved))
        # The old server's forgotten AAAA: addresses at wanted names in a family that the spec does not publish.
        names = {name for name, kind in wanted if kind in _ADDRESSES}
        for name, kind in sorted(present.keys() - wanted.keys()):
            if kind in _ADDRESSES and name in names:
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
        if record.type in (*_ADDRESSES, RecordType.CNAME):
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

    `waiting` is called before each pause: (what is late, of how many, seconds left).
    """
    deadline = Deadline.after(seconds)
    while True:
        # The provider has just been written to: `planned` still has its state before.
        seen = [
            replace(item, resolved=None, at_provider=item.wanted)
            for item in look_around(planned, resolvers, authority_port=authority_port)
            if item.wanted
        ]
        late = [item for item in seen if item.verdict != "ok"]
        if not late or not deadline.left:
            return seen
        waiting(late, len(seen), deadline.left)
        clock.sleep(min(_PAUSE, deadline.left))
