"""Queries to many servers at once, and to the first of equal resolvers that can answer; and a zone's own servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace

from edgegen.core.errors import OutsideError
from edgegen.lookup.model import DNS_PORT, TIMEOUT, Question, Reply, Server, Status
from edgegen.net.deadline import Deadline
from edgegen.system.os_errors import cause

PARENTS = 2
"""Name servers of the zone above that are asked: they all say the same."""
PARENT_SECONDS = 1.0
"""Networks that let no question out are common, and this one is an extra."""
Ask = Callable[[Sequence[tuple[str, str]]], list[Reply]]


def ask_all(questions: Sequence[Question], *, timeout: float = TIMEOUT) -> list[Reply]:
    """The replies to questions asked at the same time, in their order. Network failures never raise.

    `timeout` covers everything, including TCP where an answer is too long for UDP.
    """
    from edgegen.lookup.exchange import Exchange

    try:
        with Exchange(questions, timeout) as exchange:
            exchange.run()
            return [exchange.replies[index] for index in range(len(questions))]
    except OSError as error:  # too many open files, even to wait for an answer
        detail = cause(error)
        return [Reply(question.server, Status.LOCAL, detail=detail) for question in questions]


def ask_any(servers: Sequence[Server], name: str, kind: str, *, timeout: float = TIMEOUT) -> Reply:
    """The answer of the first of several equal resolvers that has one. Raises OutsideError without any resolver."""
    if not servers:
        raise OutsideError("there is no resolver to ask", hint="name one: --resolver IP:PORT")
    return ask_through(servers, [(name, kind)], timeout=timeout)[0]


def ask_through(
    servers: Sequence[Server],
    wanted: Sequence[tuple[str, str]],
    *,
    timeout: float = TIMEOUT,
    deadline: Deadline | None = None,
    unchecked: bool = False,
    silent: set[Server] | None = None,
) -> list[Reply]:
    """For each (name, type) the reply of the first of several equal resolvers that has one; all in parallel.

    `timeout` is for each server, `deadline` for all. Servers in `silent` are asked last, and servers that turn out to
    be silent are added to it. If none can answer, a refusal is preferred to a time-out.
    """
    replies = [_unasked(servers)] * len(wanted)
    quiet: set[Server] = set() if silent is None else silent
    for server in sorted(servers, key=lambda one: one in quiet):
        asked = [index for index, reply in enumerate(replies) if not reply.status.tells]
        seconds = timeout if deadline is None else min(timeout, deadline.left)
        if not asked or not seconds:
            break
        questions = [Question(server, *wanted[index], unchecked=unchecked) for index in asked]
        told = ask_all(questions, timeout=seconds)
        if all(reply.status.silent for reply in told):
            quiet.add(server)
        for index, reply in zip(asked, told, strict=True):
            if replies[index].status.silent or not reply.status.silent:
                replies[index] = reply
    return replies


def _unasked(servers: Sequence[Server]) -> Reply:
    if not servers:
        return Reply(Server(""), Status.LOCAL, detail="there is no resolver to ask")
    return Reply(servers[0], Status.TIMEOUT, detail="no time was left to ask")


def authorities(
    zone: str,
    resolvers: Sequence[Server],
    *,
    port: int = DNS_PORT,
    deadline: Deadline | None = None,
    silent: set[Server] | None = None,
    delegated: bool = False,
) -> tuple[Server, ...]:
    """Every address of every name server of a zone. Raises OutsideError if none can be found.

    A name that is not a zone itself belongs to the nearest zone above it, whose servers are returned.
    `deadline` and `silent` are as with `ask_through`. `delegated`: also those that only the zone above names, as far
    as it answers.
    """
    if not resolvers:
        raise OutsideError("there is no resolver to ask", hint="name one: --resolver IP:PORT")
    ask = partial(ask_through, resolvers, deadline=deadline, silent=silent)
    above, reply = zone, ask([(zone, "NS")])[0]
    # Inside a zone rather than a zone itself. A CNAME is never the name of a zone.
    while (reply.status in (Status.NODATA, Status.NXDOMAIN) or reply.cnames) and above.count(".") > 1:
        above = above.partition(".")[2]
        reply = ask([(above, "NS")])[0]
    if reply.status is not Status.ANSWER:
        raise OutsideError(f"the name servers of {zone} can't be found: {reply.status} from {reply.server}")
    servers = _addresses(_names(reply), port, ask)
    if not servers:
        raise OutsideError(f"no name server of {zone} has an address")
    if not delegated:
        return servers
    known = {server.address for server in servers}
    strange = [name for name in _handed_to(above, port, ask, deadline) if name not in _names(reply)]
    more = [server for server in _addresses(strange, port, ask) if server.address not in known] if strange else []
    return (*servers, *(replace(server, only_above=True) for server in more))


def _handed_to(zone: str, port: int, ask: Ask, deadline: Deadline | None) -> tuple[str, ...]:
    """The name servers that the zone above names; () where that is not known."""
    above, reply = zone, None
    while reply is None or reply.status in (Status.NODATA, Status.NXDOMAIN):
        above = above.partition(".")[2]
        if not above:
            return ()
        reply = ask([(above, "NS")])[0]
    servers = _addresses(_names(reply)[:PARENTS], port, ask)
    seconds = PARENT_SECONDS if deadline is None else min(PARENT_SECONDS, deadline.left / 4)
    if not servers or not seconds:
        return ()
    told = ask_all([Question(server, zone, "NS", delegation=True) for server in servers], timeout=seconds)
    return next((_names(one) for one in told if one.status is Status.ANSWER), ())


def _names(reply: Reply) -> tuple[str, ...]:
    return tuple(value.removesuffix(".").lower() for value in reply.values)


def _addresses(names: Sequence[str], port: int, ask: Ask) -> tuple[Server, ...]:
    """Every address of some name servers."""
    wanted = [(name, kind) for name in names for kind in ("A", "AAAA")]
    told = zip(wanted, ask(wanted), strict=True)
    return tuple(Server(address, port, name) for (name, _), answer in told for address in answer.values)
