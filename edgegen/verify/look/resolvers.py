"""The resolvers of a run, asked within one deadline; and what is behind answers that say little."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgegen.lookup import Reply, Server, Status, ask_through
from edgegen.net.deadline import Deadline

MOST_CNAMES = 16


class Resolvers(Struct, frozen=True):
    """Equal resolvers, the deadline for all that is asked of them, and which of them are known to be silent."""

    servers: tuple[Server, ...]
    deadline: Deadline
    silent: set[Server]

    def ask(self, wanted: Sequence[tuple[str, str]], *, unchecked: bool = False) -> list[Reply]:
        """The reply to each (name, type). `unchecked`: without checking DNSSEC."""
        return ask_through(self.servers, wanted, deadline=self.deadline, unchecked=unchecked, silent=self.silent)

    def to_the_end(self, host: str, kind: str, reply: Reply) -> Reply:
        """Follow CNAMEs that a resolver has left to the asker (some forwarders do), and detect their loops."""
        while reply.status is Status.NODATA and reply.cnames:
            further = self.ask([(reply.cnames[-1], kind)])[0]
            if further.status is Status.NODATA and not further.cnames:
                return reply
            cnames = reply.cnames + further.cnames
            if further.status is Status.LOOP or _circles(host, cnames):
                return replace(further, status=Status.LOOP, values=(), cnames=cnames)
            reply = replace(further, cnames=cnames)
        return reply

    def circle(self, host: str) -> Reply | None:
        """The loop that a host's CNAMEs form, or None. Many resolvers only answer SERVFAIL to it."""
        way: tuple[str, ...] = ()
        while not _circles(host, way):
            reply = self.ask([(way[-1] if way else host, "CNAME")])[0]
            if reply.status is not Status.ANSWER:
                return None
            way = (*way, reply.values[0].removesuffix(".").lower())
        return Reply(reply.server, Status.LOOP, detail="its CNAMEs form a loop", cnames=way)


def _circles(host: str, cnames: Sequence[str]) -> bool:
    met = (host.lower(), *cnames)
    return len(set(met)) < len(met) or len(cnames) > MOST_CNAMES
