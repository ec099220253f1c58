"""What the DNS checks share: whether the DNS was asked at all, and an answer in words. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from edgegen.core.show import first_few, shown
from edgegen.lookup import Reply, Status
from edgegen.system.internet import is_from_dns64, literal
from edgegen.verify.observation import NamesSeen, Observation

"""Family -> type of record."""
_IN_WORDS = {
    Status.NXDOMAIN: "that the name does not exist",
    Status.NODATA: "that there is no such record",
    Status.LOOP: "a loop of CNAMEs",
}


def needs_dns(seen: Observation) -> bool:
    """Whether the host is a name, and DNS is needed because there is no `--connect-to`."""
    return not literal(seen.endpoint.host) and (not seen.names.detour or bool(seen.names.resolved))


def has_address(names: NamesSeen) -> bool:
    """Whether the resolver gave an address, of whatever family."""
    return any(reply.status is Status.ANSWER for reply in names.resolved.values())


def of_authorities(names: NamesSeen, family: int) -> list[Reply]:
    """What the authorities say about a family, as far as they know the name."""
    return [reply for one, reply in names.authorities if one == family and reply.status.tells]


def without_dns64(reply: Reply) -> Reply:
    """The answer without addresses that the resolver itself made up: no zone has them."""
    own = tuple(value for value in reply.values if not is_from_dns64(value))
    if own == reply.values:
        return reply
    return replace(reply, values=own, status=reply.status if own else Status.NODATA)


def in_words(reply: Reply) -> str:
    """What an answer says: its addresses, where its CNAME leads, or that there is nothing."""
    if reply.status is Status.ANSWER:
        return addresses(reply.values)
    if reply.cnames and reply.status is Status.NODATA:
        return f"CNAME {shown(reply.cnames[0])}"
    return _IN_WORDS.get(reply.status, reply.status.value.upper())


def addresses(values: tuple[str, ...]) -> str:
    """Some addresses, or `none`."""
    return first_few(shown(value) for value in values) or "none"


def said_by(servers: list[str], answer: str) -> str:
    """`ns1, ns2 say 192.0.2.10`."""
    return f"{first_few(servers)} {'says' if len(servers) == 1 else 'say'} {answer}"


def at(reply: Reply) -> str:
    """A server by its name and address."""
    server = reply.server
    where = f"{server.address}, only at the registrar" if server.only_above else server.address
    return f"{shown(server.name)} ({where})" if server.name else str(server)
