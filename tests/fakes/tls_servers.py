"""Servers on loopback for every way in which an edge can be right or wrong: one thread, one event loop, no sleeping.

    with Servers() as servers:
        good = servers.tls(Site(middle.issue("a.test")))                          # any name, 200 "ok"
        many = servers.tls({"a.test": Site(one), "b.test": Site(two, handler)})   # by SNI; others get an alert
        any_ = servers.tls(lambda name: Site(certificate_of(name)))               # a callback: name or None -> Site
        web = servers.http(to_https(good.port))                                   # plain HTTP
        four = servers.tls(site, address=("127.0.0.1", "127.0.0.2"))              # one port on several addresses
        dead = servers.closed_port()                                              # refuses
        raw = servers.tcp(silence)                                                # anything over TCP
        good.requests, good.connections                                           # what came

A handler gets a Request and gives an Answer, or a Script: an async function that writes what it likes to the
connection. Scripts (tls_scripts: `drip`, `endless`, `silence`, `reset`, `hang_up`, `raw` …) work over TLS and HTTP
and bare TCP.
A site's protocol versions and ciphers count for the whole server: take them from the first or only site.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tests.fakes.authority_of_tests import Issued, self_signed
from tests.fakes.tls_connection import Connection
from tests.fakes.tls_scripts import WHOLE_HEAD, Answer, Handler, Request, Script, drip, ok


@dataclass(frozen=True)
class Site:
    """What one name gets: a certificate, and who answers. The rest are options of `Issued.context`."""

    certificate: Issued
    handler: Handler = ok
    minimum: str = "TLSv1.2"
    maximum: str = "TLSv1.3"
    ciphers: str = ""
    alpn: tuple[str, ...] = ("http/1.1",)

    def context(self) -> ssl.SSLContext:
        return self.certificate.context(
            minimum=self.minimum, maximum=self.maximum, ciphers=self.ciphers, alpn=self.alpn
        )


Choose = Callable[[str | None], Site | None]


@dataclass
class Server:
    """A listening server. Counters are written by the loop's thread alone."""

    addresses: tuple[str, ...]
    port: int
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    names: list[str | None] = field(default_factory=list)
    """The SNI of every handshake, None where there was none."""
    _listening: list[asyncio.Server] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.addresses[0]


class Servers:
    """All servers of a test, in one event loop of its own thread. Leaving the block breaks every connection."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake servers", daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._servers: list[Server] = []
        self._reserved: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        for sock in self._reserved:
            sock.close()

    async def _stop(self) -> None:
        for server in self._servers:
            for listening in server._listening:
                listening.close()
        for _ in range(4):  # connections that were just accepted have writers, too
            await asyncio.sleep(0)
        for writer in self._writers:
            writer.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is closed now

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def closed_port(self, address: str = "127.0.0.1") -> int:
        """A port that refuses, and stays so: it is bound and does not listen."""
        sock = _bound(address, 0)
        self._reserved.append(sock)
        return int(sock.getsockname()[1])

    def full_port(self, address: str = "127.0.0.1", port: int = 0) -> int:
        """A port that answers nothing to a new connection, as a filtered one does: its queue is full."""
        sock = _bound(address, port)
        sock.listen(0)
        self._reserved.append(sock)
        port = int(sock.getsockname()[1])
        for _ in range(4):
            filler = socket.socket(sock.family)
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect((address, port))
            self._reserved.append(filler)
        return port

    def tcp(self, script: Script, *, address: str | tuple[str, ...] = "127.0.0.1", port: int = 0) -> Server:
        """Anything over TCP: the script has the connection as it comes."""

        async def serve(_: Server, connection: Connection) -> None:
            await script(connection)

        return self._listen(serve, None, address, port)

    def http(self, handler: Handler = ok, *, address: str | tuple[str, ...] = "127.0.0.1", port: int = 0) -> Server:
        """Plain HTTP/1.1 with keep-alive."""

        async def serve(server: Server, connection: Connection) -> None:
            await _talk(server, connection, handler)

        return self._listen(serve, None, address, port)

    def tls(
        self,
        sites: Site | Mapping[str, Site] | Choose,
        *,
        address: str | tuple[str, ...] = "127.0.0.1",
        port: int = 0,
        delay: float = 0.0,
    ) -> Server:
        """HTTPS. One site for every name; or sites by name, or a callback: what is not there gets `unrecognized_name`.

        Where nobody sends a name (an address as host), a mapping's key "" is asked. `delay`: seconds before each
        handshake, as a server that is far away has them.
        """

        async def serve(server: Server, connection: Connection) -> None:
            await _talk(server, connection, connection.site.handler)

        return self._listen(serve, sites, address, port, delay)

    def tls_raw(self, site: Site, script: Script, *, address: str = "127.0.0.1", port: int = 0) -> Server:
        """After the handshake the script has the connection, before any request has come."""

        async def serve(_: Server, connection: Connection) -> None:
            await script(connection)

        return self._listen(serve, site, address, port)

    def dripping_handshake(
        self, site: Site, *, every: float = 0.3, address: str = "127.0.0.1", port: int = 0
    ) -> Server:
        """TLS whose handshake comes one byte at a time."""
        context = site.context()

        async def script(connection: Connection) -> None:
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            machine = context.wrap_bio(incoming, outgoing, server_side=True)
            incoming.write(await connection.read())
            with contextlib.suppress(ssl.SSLWantReadError):
                machine.do_handshake()
            await drip(outgoing.read(), every=every)(connection)

        return self.tcp(script, address=address, port=port)

    def close(self, server: Server) -> None:
        """Stop listening; the port is free again."""

        async def close() -> None:
            for listening in server._listening:
                listening.close()

        self._run(close())

    def _listen(
        self,
        serve: Callable[[Server, Connection], Awaitable[None]],
        sites: Site | Mapping[str, Site] | Choose | None,
        address: str | tuple[str, ...],
        port: int,
        delay: float = 0.0,
    ) -> Server:
        addresses = (address,) if isinstance(address, str) else address
        sockets = _same_port(addresses, port)
        server = Server(addresses, int(sockets[0].getsockname()[1]))
        context = _context(_chooser(sites), _first(sites), server) if sites else None

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            server.connections += 1
            self._writers.add(writer)
            connection = Connection(reader, writer)
            with contextlib.suppress(OSError, EOFError, ValueError):
                if delay:
                    await asyncio.sleep(delay)
                if context is not None:
                    await connection.start_tls(context)
                await serve(server, connection)
            connection.close()
            with contextlib.suppress(OSError):  # a client that does not read keeps it open
                await writer.wait_closed()
            self._writers.discard(writer)

        async def start() -> list[asyncio.Server]:
            return [await asyncio.start_server(accept, sock=sock, backlog=1024) for sock in sockets]

        server._listening.extend(self._run(start()))
        self._servers.append(server)
        return server


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # With the protocol left out, asyncio would leave Nagle's algorithm on, and every answer would wait 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return sock


def _same_port(addresses: tuple[str, ...], port: int) -> list[socket.socket]:
    """One port on all addresses. A free one is not free everywhere: it may take several tries."""
    for _ in range(50):
        sockets = [_bound(addresses[0], port)]
        try:
            sockets.extend(_bound(address, sockets[0].getsockname()[1]) for address in addresses[1:])
        except OSError:
            for sock in sockets:
                sock.close()
        else:
            return sockets
    raise AssertionError(f"no port is free on all of {addresses}")


def _chooser(sites: Site | Mapping[str, Site] | Choose) -> Choose:
    if isinstance(sites, Site):
        return lambda _: sites
    if isinstance(sites, Mapping):
        return lambda name: sites.get(name or "")
    return sites


def _context(choose: Choose, first: Site, server: Server) -> ssl.SSLContext:
    """The listening context. The name decides which site's context takes over; contexts are made once a site."""
    contexts: dict[int, tuple[Site, ssl.SSLContext]] = {}

    def of(site: Site) -> ssl.SSLContext:
        if id(site) not in contexts:
            contexts[id(site)] = site, site.context()
        return contexts[id(site)][1]

    def by_name(machine: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        connection: Connection = machine.connection  # type: ignore[attr-defined]
        server.names.append(name)
        connection.asked_name = name
        connection.site = site = choose(name)
        if site is None:
            return int(ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME)
        machine.context = of(site)
        return None

    base = first.context()
    base.sni_callback = by_name  # type: ignore[assignment]
    return base


def _first(sites: Site | Mapping[str, Site] | Choose) -> Site:
    """The site whose versions and ciphers count for the whole server."""
    if isinstance(sites, Site):
        return sites
    found = next(iter(sites.values())) if isinstance(sites, Mapping) else sites(None)
    return found or Site(self_signed("nobody.invalid"))


async def _talk(server: Server, connection: Connection, handler: Handler) -> None:
    """HTTP/1.1, one request after the other, until one side has had enough."""
    while True:
        line = await connection.readline()
        if not line:
            return
        if not line.rstrip().endswith((b"HTTP/1.1", b"HTTP/1.0")):
            await connection.send(Answer(400, body=b"Bad Request", close=True).wire())
            return
        request = await _request(server, connection, line)
        server.requests.append(request)
        told = handler(request)
        if not isinstance(told, Answer):
            await told(connection)
            return
        await connection.send(_for(request, told))
        if told.close or request.headers.get("connection", "").lower() == "close":
            return


async def _request(server: Server, connection: Connection, line: bytes) -> Request:
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while (line := await connection.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    if length := int(headers.get("content-length", "0")):
        await connection.readexactly(length)
    return Request(method, target, headers, connection.asked_name, connection.address, server.port, connection.secure)


def _for(request: Request, answer: Answer) -> bytes:
    wire = answer.wire()
    return wire.partition(WHOLE_HEAD)[0] + WHOLE_HEAD if request.method == "HEAD" else wire
