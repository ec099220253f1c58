"""Asking the DNS itself: one server, one question, one answer that says what it is. dnspython does the wire."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from edgegen.core.errors import OutsideError, UsageError

TIMEOUT = 3.0
"""Seconds for one question to one server, in total."""
DNS_PORT = 53


class Status(StrEnum):
    """What a server's answer is."""

    ANSWER = "answer"
    NXDOMAIN = "nxdomain"
    NODATA = "nodata"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    LAME = "lame"
    """Asked as an authority, it answered without being one."""
    LOOP = "loop"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Server:
    """A name server."""

    address: str
    port: int = DNS_PORT
    name: str = ""

    def __str__(self) -> str:
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return self.name or (shown if self.port == DNS_PORT else f"{shown}:{self.port}")


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of one server to one question. `values` are in presentation form, sorted."""

    server: Server
    status: Status
    values: tuple[str, ...] = ()
    ttl: int = 0
    detail: str = ""


def parse_server(text: str) -> Server:
    """`IP`, `IP:PORT` or `[IP]:PORT`. Raises UsageError for anything else."""
    address, port = text, str(DNS_PORT)
    if match := re.fullmatch(r"\[([^\]]*)\](?::(\d+))?", text):
        address, port = match[1], match[2] or port
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    try:
        ipaddress.ip_address(address)
        number = int(port)
    except ValueError:
        raise UsageError(f"`{text}` is not a resolver like 192.0.2.53 or 127.0.0.1:5353") from None
    if not 0 < number < 65536:
        raise UsageError(f"`{text}`: ports go from 1 to 65535")
    return Server(address, number)


def system_servers() -> tuple[Server, ...]:
    """The resolvers that this machine is set up with. Raises OutsideError where there are none."""
    import dns.exception
    import dns.resolver

    try:
        found = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        raise OutsideError(f"this machine has no resolver: {error}", hint="say one: --resolver IP:PORT") from None
    return tuple(Server(str(address), found.port) for address in found.nameservers)


def ask(
    server: Server, name: str, kind: str, *, authority: bool = False, timeout: float = TIMEOUT, chaos: bool = False
) -> Reply:
    """One question to one server; over TCP where the answer is too long for UDP. What the network does never raises.

    `authority`: the server must answer from its own knowledge, and recursion is not asked for.
    """
    import dns.exception
    import dns.flags
    import dns.message
    import dns.query
    import dns.rdataclass

    rdclass = dns.rdataclass.CH if chaos else dns.rdataclass.IN
    query = dns.message.make_query(f"{name}.", kind, rdclass)
    if authority:
        query.flags &= ~dns.flags.RD
    try:
        response, _ = dns.query.udp_with_fallback(
            query, server.address, timeout=timeout, port=server.port, ignore_unexpected=True
        )
    except dns.exception.Timeout:
        return Reply(server, Status.TIMEOUT, detail=f"no answer within {timeout:g} s")
    except (OSError, EOFError) as error:
        return Reply(server, Status.UNREACHABLE, detail=str(error))
    except dns.exception.DNSException as error:
        return Reply(server, Status.SERVFAIL, detail=f"unreadable answer: {type(error).__name__}")
    return _read(server, response, kind, authority=authority)


def _read(server: Server, response: Any, kind: str, *, authority: bool) -> Reply:
    import dns.flags
    import dns.rcode

    code = response.rcode()
    if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        status = Status.REFUSED if code == dns.rcode.REFUSED else Status.SERVFAIL
        return Reply(server, status, detail=dns.rcode.to_text(code))
    if authority and not response.flags & dns.flags.AA:
        return Reply(server, Status.LAME, detail="answers without authority")
    if code == dns.rcode.NXDOMAIN:
        return Reply(server, Status.NXDOMAIN)
    return _values(server, response, kind)


def _values(server: Server, response: Any, kind: str) -> Reply:
    import dns.message
    import dns.rdatatype

    try:
        chain = response.resolve_chaining()
    except dns.message.ChainTooLong:
        return Reply(server, Status.LOOP, detail="its CNAMEs run in a circle")
    except dns.message.NotQueryResponse:
        return Reply(server, Status.SERVFAIL, detail="no answer to the question")
    answer = chain.answer
    if answer is None or answer.rdtype != dns.rdatatype.from_text(kind):
        return Reply(server, Status.NODATA)
    return Reply(server, Status.ANSWER, tuple(sorted(item.to_text() for item in answer)), answer.ttl)


def ask_any(servers: Sequence[Server], name: str, kind: str, *, timeout: float = TIMEOUT) -> Reply:
    """The answer of the first of several equal resolvers that has one to give."""
    reply: Reply | None = None
    for server in servers:
        reply = ask(server, name, kind, timeout=timeout)
        if reply.status in (Status.ANSWER, Status.NXDOMAIN, Status.NODATA, Status.LOOP):
            return reply
    if reply is None:
        raise OutsideError("there is no resolver to ask", hint="say one: --resolver IP:PORT")
    return reply


def authorities(zone: str, resolvers: Sequence[Server], *, port: int = DNS_PORT) -> tuple[Server, ...]:
    """Every address of every name server of a zone. Raises OutsideError where the zone has none that can be found."""
    reply = ask_any(resolvers, zone, "NS")
    if reply.status is not Status.ANSWER:
        raise OutsideError(f"the name servers of {zone} can't be found: {reply.status} from {reply.server}")
    servers = [
        Server(address, port, name)
        for name in (value.removesuffix(".").lower() for value in reply.values)
        for kind in ("A", "AAAA")
        for address in ask_any(resolvers, name, kind).values
    ]
    if not servers:
        raise OutsideError(f"no name server of {zone} has an address")
    return tuple(servers)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time by the monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """So many seconds from now."""
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds until then, not below 0."""
        return max(0.0, self.at - time.monotonic())
