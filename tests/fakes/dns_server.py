"""DNS servers on loopback, over UDP and TCP, that answer what a test tells them to."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from types import TracebackType
from typing import Self

from dnslib import QTYPE, RCODE, RR, DNSError
from dnslib.server import DNSServer

Answer = Callable[[str, str], "tuple[str, list[str]] | None"]
CHECKING_DISABLED = 0x0010
"""The bit of a header's flags that says: do not check DNSSEC."""


class FakeDns:
    """Answers from a table of zone-file lines, CNAMEs followed as far as the table goes.

    `behave`        overrides the table: it gives (rcode, lines), or None for silence
    `authoritative` False: its answers have no authority (AA); asked as an authority it is lame
    `bogus`         names whose signatures do not hold: SERVFAIL, unless DNSSEC is not to be checked (CD)
    `truncated`     over UDP every answer is cut down to nothing and says so (TC)
    `slow`          silent until this event is set: slower than any deadline, without a sleep in the test
    `refers`        zone -> zone-file lines: at and below it the answer is a referral, as that of the zone above
    `lost`          so many datagrams get lost before the first one is answered
    `port`          0 takes one that is free; see `on_one_port` for several servers with one port

    `asked` has (name, type) of every question, `over_tcp` those that came over TCP.
    """

    def __init__(
        self,
        lines: str = "",
        *,
        authoritative: bool = True,
        behave: Answer | None = None,
        address: str = "127.0.0.1",
        port: int = 0,
        bogus: Collection[str] = (),
        truncated: bool = False,
        slow: threading.Event | None = None,
        lost: int = 0,
        refers: Mapping[str, str] | None = None,
    ) -> None:
        self.records = RR.fromZone(lines)
        self.authoritative = authoritative
        self.behave = behave
        self.address = address
        self.bogus = {f"{name.removesuffix('.')}." for name in bogus}
        self.truncated = truncated
        self.slow = slow
        self.lost = lost
        self.refers = {f"{zone.removesuffix('.')}.": RR.fromZone(lines) for zone, lines in (refers or {}).items()}
        self.asked: list[tuple[str, str]] = []
        self.over_tcp: list[tuple[str, str]] = []
        self._wanted_port = port
        self._udp: DNSServer | None = None
        self._tcp: DNSServer | None = None

    @property
    def port(self) -> int:
        assert self._udp is not None
        return int(self._udp.server.server_address[1])

    def __enter__(self) -> Self:
        self._tcp, self._udp = self._pair()
        # Two hundred look-ups at once fill the usual buffer where the machine is busy, and what is over it is lost.
        self._udp.server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        for server in (self._tcp, self._udp):
            # dnslib's own thread looks every half second whether it is to stop.
            threading.Thread(target=server.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def _pair(self) -> tuple[DNSServer, DNSServer]:
        """Two servers on one port number: one that is free for both protocols has to be found."""
        for _ in range(1 if self._wanted_port else 50):
            tcp = DNSServer(self, address=self.address, port=self._wanted_port, tcp=True, logger=_Quiet())
            port = tcp.server.server_address[1]
            try:
                return tcp, DNSServer(self, address=self.address, port=port, logger=_Quiet())
            except OSError:
                tcp.server.server_close()
        raise OSError("no port is free for both UDP and TCP")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for server in (self._udp, self._tcp):
            if server is not None:
                server.stop()
                server.server.server_close()

    def resolve(self, request: object, handler: object) -> object:
        name, kind = str(request.q.qname).lower(), QTYPE[request.q.qtype]
        self.asked.append((name, kind))
        if handler.protocol == "tcp":
            self.over_tcp.append((name, kind))
        if self.lost:
            self.lost -= 1
            raise _Silence
        if self.slow is not None:
            self.slow.wait()
        reply = request.reply(aa=1 if self.authoritative else 0)
        referral = next((lines for zone, lines in self.refers.items() if _is_at_or_below(name, zone)), None)
        if referral is not None:
            reply.header.aa = 0
            reply.add_auth(*referral)
        elif self.truncated and handler.protocol == "udp":
            reply.header.tc = 1
        elif name in self.bogus and not request.header.bitmap & CHECKING_DISABLED:
            reply.header.rcode = RCODE.SERVFAIL
        elif self.behave is not None:
            self._as_told(reply, request, self.behave(name, kind))
        else:
            self._from_table(reply, name, kind)
        return reply

    def _as_told(self, reply: object, request: object, told: tuple[str, list[str]] | None) -> None:
        if told is None:
            raise _Silence
        code, lines = told
        reply.header.rcode = getattr(RCODE, code)
        for line in lines:
            for record in RR.fromZone(line):
                record.rclass = request.q.qclass
                reply.add_answer(record)

    def _from_table(self, reply: object, name: str, kind: str) -> None:
        """Follow the table from name to name; a circle is answered as far as it goes, as real servers do."""
        met: set[str] = set()
        while name and name not in met:
            met.add(name)
            name = self._one_name(reply, name, kind)

    def _one_name(self, reply: object, name: str, kind: str) -> str:
        """Add what the table has of one name, and give the name that it is an alias of, or ""."""
        found = [record for record in self.records if str(record.rname).lower() == name]
        right = [record for record in found if QTYPE[record.rtype] in (kind, "CNAME")]
        exists = any(_is_at_or_below(str(record.rname).lower(), name) for record in self.records)
        if not exists and (not reply.rr or self._is_ours(name)):
            reply.header.rcode = RCODE.NXDOMAIN
        for record in right:
            reply.add_answer(record)
        if not right:
            self._add_soa(reply, name)
        alias = [record for record in right if QTYPE[record.rtype] == "CNAME" != kind]
        return str(alias[0].rdata.label).lower() if alias else ""

    def _is_ours(self, name: str) -> bool:
        return any(_is_at_or_below(name, str(record.rname).lower()) for record in self._soas())

    def _add_soa(self, reply: object, name: str) -> None:
        for record in self._soas():
            if _is_at_or_below(name, str(record.rname).lower()):
                reply.add_auth(record)

    def _soas(self) -> list[RR]:
        return [record for record in self.records if QTYPE[record.rtype] == "SOA"]


def _is_at_or_below(name: str, zone: str) -> bool:
    return name == zone or name.endswith(f".{zone}")


@contextlib.contextmanager
def on_one_port(*servers: FakeDns) -> Iterator[int]:
    """Start several servers, of different addresses, on one port number that is free for all of them."""
    for _ in range(50):
        with contextlib.ExitStack() as stack:
            port = stack.enter_context(servers[0]).port
            try:
                for server in servers[1:]:
                    server._wanted_port = port
                    stack.enter_context(server)
            except OSError:
                continue
            yield port
            return
    raise AssertionError("no port is free at all addresses")


class _Silence(DNSError):
    """Raised to answer nothing at all."""


class _Quiet:
    """dnslib's logger, without a word."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None
