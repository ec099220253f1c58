"""A name server, a question, and what an answer is. Plain data."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

TIMEOUT = 3.0
"""Seconds for one question to one server, in total."""
DNS_PORT = 53
KINDS = {4: "A", 6: "AAAA"}
"""IP version -> the records that have such addresses."""


class Status(StrEnum):
    """What a server's answer is."""

    ANSWER = "answer"
    NXDOMAIN = "nxdomain"
    NODATA = "nodata"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    LAME = "lame"
    """It was asked as an authority and answered without authority."""
    LOOP = "loop"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    LOCAL = "local"
    """This machine could not ask (no IPv6, too many open files …): this says nothing about the server."""

    @property
    def tells(self) -> bool:
        """Whether it says something about the name, not only about the server."""
        return self in (Status.ANSWER, Status.NXDOMAIN, Status.NODATA, Status.LOOP)

    @property
    def silent(self) -> bool:
        """Whether no answer of the server arrived."""
        return self in (Status.TIMEOUT, Status.UNREACHABLE, Status.LOCAL)


class Server(Struct, frozen=True):
    """A name server."""

    address: str
    port: int = DNS_PORT
    name: str = ""
    only_above: bool = False
    """The zone above hands the zone to it, and the zone itself does not name it: mostly left over at a registrar."""

    def __str__(self) -> str:
        if not self.address:
            return "no resolver"
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return self.name or (shown if self.port == DNS_PORT else f"{shown}:{self.port}")


class Question(Struct, frozen=True):
    """One question to one server."""

    server: Server
    name: str
    kind: str
    authority: bool = False
    """The server must answer authoritatively; recursion is not requested."""
    unchecked: bool = False
    """DNSSEC is not checked (the CD bit): a name with broken signatures still gets an answer."""
    delegation: bool = False
    """The type is NS, and the server that of the zone above: to which servers it hands the zone."""
    chaos: bool = False
    """In class CHAOS instead of IN."""


class Reply(Struct, frozen=True):
    """The answer of one server to one question. `values` are in presentation form, sorted."""

    server: Server
    status: Status
    values: tuple[str, ...] = ()
    ttl: int = 0
    """Seconds for which it may be cached; for a negative answer, if its zone says so."""
    detail: str = ""
    cnames: tuple[str, ...] = ()
    """The targets of the CNAMEs that were followed, in order, in lower case without a final dot."""
