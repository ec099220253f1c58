"""DNS servers on loopback, over UDP and TCP, that answer what a test tells them to."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from dnslib import QTYPE, RCODE, RR
from dnslib.server import DNSServer

Answer = Callable[[str, str], "tuple[str, list[str]] | None"]


class FakeDns:
    """Answers from a table of zone-file lines; `behave` may override: it gives (rcode, lines), or None for silence."""

    def __init__(
        self, lines: str = "", *, authoritative: bool = True, behave: Answer | None = None, address: str = "127.0.0.1"
    ) -> None:
        self.records = RR.fromZone(lines)
        self.authoritative = authoritative
        self.behave = behave
        self.address = address
        self.asked: list[tuple[str, str]] = []
        self._udp: DNSServer | None = None
        self._tcp: DNSServer | None = None

    @property
    def port(self) -> int:
        assert self._udp is not None
        return int(self._udp.server.server_address[1])

    def __enter__(self) -> Self:
        self._tcp, self._udp = self._pair()
        self._tcp.start_thread()
        self._udp.start_thread()
        return self

    def _pair(self) -> tuple[DNSServer, DNSServer]:
        """Two servers on one port number: one that is free for both protocols has to be found."""
        for _ in range(50):
            tcp = DNSServer(self, address=self.address, port=0, tcp=True, logger=_Quiet())
            port = tcp.server.server_address[1]
            try:
                return tcp, DNSServer(self, address=self.address, port=port, logger=_Quiet())
            except OSError:
                tcp.server.server_close()
        raise AssertionError("no port is free for both UDP and TCP")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for server in (self._udp, self._tcp):
            if server is not None:
                server.stop()
                server.server.server_close()

    def resolve(self, request: object, handler: object) -> object:
        name, kind = str(request.q.qname).lower(), QTYPE[request.q.qtype]
        self.asked.append((name, kind))
        reply = request.reply(aa=1 if self.authoritative else 0)
        if self.behave is not None:
            told = self.behave(name, kind)
            if told is None:
                raise _Silence
            code, lines = told
            reply.header.rcode = getattr(RCODE, code)
            for line in lines:
                for record in RR.fromZone(line):
                    record.rclass = request.q.qclass
                    reply.add_answer(record)
            return reply
        here = [record for record in self.records if str(record.rname).lower() == name]
        found = [record for record in here if QTYPE[record.rtype] in (kind, "CNAME")]
        for record in found:
            reply.add_answer(record)
        if not here:
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


class _Silence(Exception):
    """Raised to answer nothing at all."""


class _Quiet:
    """dnslib's logger, without a word."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None
