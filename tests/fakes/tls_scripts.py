"""What servers in tests say: requests, ordinary answers, and scripts that write what no right server would."""

from __future__ import annotations

import asyncio
import email.utils
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tests.fakes.tls_connection import Connection

WHOLE_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """One HTTP request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    sni: str | None = None
    address: str = ""
    """The server's own address to which it came."""
    port: int = 0
    secure: bool = False

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        return urlsplit(self.target).query

    @property
    def host(self) -> str:
        """The name that was asked for, without a port."""
        return self.headers.get("host", "").rsplit(":", 1)[0]


@dataclass(frozen=True)
class Answer:
    """An ordinary HTTP answer. `Content-Length` and `Date` are added where they are missing."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"ok"
    close: bool = False
    """Close the connection afterwards."""

    def header(self, name: str, value: str) -> Answer:
        """The same with one header more."""
        return replace(self, headers=(*self.headers, (name, value)))

    def wire(self) -> bytes:
        names = {name.lower() for name, _ in self.headers}
        extra = [("Date", email.utils.formatdate(usegmt=True))] if "date" not in names else []
        if not names & {"content-length", "transfer-encoding"}:
            extra.append(("Content-Length", str(len(self.body))))
        if self.close:
            extra.append(("Connection", "close"))
        lines = [f"HTTP/1.1 {self.status} X", *(f"{name}: {value}" for name, value in (*self.headers, *extra))]
        return "\r\n".join(lines).encode("latin-1") + WHOLE_HEAD + self.body


Script = Callable[[Connection], Awaitable[None]]
Handler = Callable[[Request], "Answer | Script"]


def ok(_: Request) -> Answer:
    """200, with HSTS as an expert would have it."""
    return Answer().header("Strict-Transport-Security", "max-age=63072000")


def redirect(url: str, status: int = 301) -> Answer:
    """An answer that points elsewhere."""
    return Answer(status, (("Location", url),), b"")


def to_https(port: int = 443, status: int = 301) -> Handler:
    """The web port of a right edge: the same host, path and query over https."""

    def handle(request: Request) -> Answer:
        shown = "" if port == 443 else f":{port}"
        return redirect(f"https://{request.host}{shown}{request.target}", status)

    return handle


async def silence(connection: Connection) -> None:
    """Take everything, say nothing."""
    await connection.until_closed()


async def reset(connection: Connection) -> None:
    """RST as soon as something has come."""
    if not connection.heard:
        await connection.read()
    connection.reset()


async def hang_up(connection: Connection) -> None:
    """FIN as soon as something has come, without a word."""
    if not connection.heard:
        await connection.read()


def raw(data: bytes) -> Script:
    """Exactly these bytes, then FIN."""

    async def script(connection: Connection) -> None:
        await connection.send(data)

    return script


def drip(data: bytes, first: bytes = b"", every: float = 0.3) -> Script:
    """`first` at once, then one byte of `data` at a time, over and over."""

    async def script(connection: Connection) -> None:
        await connection.send(first)
        while True:
            for byte in data:
                await connection.send(bytes([byte]))
                await asyncio.sleep(every)

    return script


def endless(first: bytes, chunk: bytes) -> Script:
    """`first`, then `chunk` again and again as fast as it is taken."""

    async def script(connection: Connection) -> None:
        await connection.send(first)
        while True:
            await connection.send(chunk)
            await asyncio.sleep(0)  # where the other side takes all at once, nobody else would have a turn

    return script


slow_header = drip(b"x", b"HTTP/1.1 200 OK\r\nX-Slow: ")
slow_body = drip(b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
slow_chunks = drip(b"1\r\nx\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
endless_body = endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536)
endless_chunks = endless(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"
)
long_body = endless(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", b"x" * 65536)
endless_header = endless(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 65536)
endless_headers = endless(b"HTTP/1.1 200 OK\r\n", b"X-Many: 1\r\n" * 6000)
endless_continues = endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)
ten_thousand_headers = raw(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 10_000 + b"Content-Length: 2\r\n\r\nok")
half_body = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
half_header = raw(b"HTTP/1.1 200 OK\r\nX-Ha")
not_http = raw(b"SSH-2.0-OpenSSH_9.2\r\n")
traefik_404 = Answer(404, (("Content-Type", "text/plain; charset=utf-8"),), b"404 page not found\n")
