"""The authoritative name servers of a zone."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.core.errors import OutsideError
from edgegen.lookup.ask import ask_through
from edgegen.lookup.model import DNS_PORT, Reply, Server, Status
from edgegen.net.deadline import Deadline


def authorities(
    zone: str,
    resolvers: Sequence[Server],
    *,
    port: int = DNS_PORT,
    deadline: Deadline | None = None,
    silent: set[Server] | None = None,
) -> tuple[Server, ...]:
    """Every address of every name server of a zone. Raises OutsideError if none can be found.

    A name that is not a zone itself belongs to the nearest zone above it, whose servers are returned.
    `deadline` and `silent` are as with `ask_through`.
    """
    if not resolvers:
        raise OutsideError("there is no resolver to ask", hint="name one: --resolver IP:PORT")
    reply = ask_through(resolvers, [(zone, "NS")], deadline=deadline, silent=silent)[0]
    above = zone
    while _is_within(reply) and above.count(".") > 1:
        above = above.partition(".")[2]
        reply = ask_through(resolvers, [(above, "NS")], deadline=deadline, silent=silent)[0]
    if reply.status is not Status.ANSWER:
        raise OutsideError(f"the name servers of {zone} can't be found: {reply.status} from {reply.server}")
    names = [value.removesuffix(".").lower() for value in reply.values]
    wanted = [(name, kind) for name in names for kind in ("A", "AAAA")]
    told = ask_through(resolvers, wanted, deadline=deadline, silent=silent)
    servers = tuple(
        Server(address, port, name) for (name, _), answer in zip(wanted, told, strict=True) for address in answer.values
    )
    if not servers:
        raise OutsideError(f"no name server of {zone} has an address")
    return servers


def _is_within(reply: Reply) -> bool:
    """Whether the name is inside a zone rather than a zone itself. A CNAME is never the name of a zone."""
    return reply.status in (Status.NODATA, Status.NXDOMAIN) or bool(reply.cnames)
