"""One accepted connection of a fake server: plain, or TLS by memory buffers, so that every alert really is sent."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from typing import Any

CHUNK = 65536


class Connection:
    """What scripts read from and write to. After `start_tls` everything is encrypted."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.asked_name: str | None = None
        """The SNI; None: nobody has said one, or no TLS."""
        self.site: Any = None
        self.heard = False
        """Whether anything has been read yet."""
        self._machine: ssl.SSLObject | None = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._decrypted = bytearray()

    @property
    def secure(self) -> bool:
        return self._machine is not None

    @property
    def address(self) -> str:
        """The server's own address to which it came."""
        return str(self.writer.get_extra_info("sockname")[0])

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """The handshake. Raises ssl.SSLError after the alert has been sent, EOFError where the client has gone."""
        machine = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        machine.connection = self  # type: ignore[attr-defined]
        while True:
            try:
                machine.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._fill()
            except ssl.SSLError:
                await self._flush()
                raise
            else:
                break
        await self._flush()
        self._machine = machine

    async def read(self) -> bytes:
        """What has come, at least one byte; b"" where the other side has gone."""
        self.heard = True
        if self._decrypted:
            data = bytes(self._decrypted)
            self._decrypted.clear()
            return data
        if self._machine is None:
            return await self.reader.read(CHUNK)
        while True:
            try:
                return self._machine.read(CHUNK)
            except ssl.SSLWantReadError:
                await self._flush()
                try:
                    await self._fill()
                except EOFError:
                    return b""
            except ssl.SSLZeroReturnError:
                return b""

    async def readline(self) -> bytes:
        """One line with its end; what there is where the other side has gone."""
        found = bytearray()
        while b"\n" not in found:
            data = await self.read()
            if not data:
                return bytes(found)
            found += data
        line, end, rest = bytes(found).partition(b"\n")
        self._decrypted[:0] = rest
        return line + end

    async def readexactly(self, size: int) -> bytes:
        """So many bytes. Raises EOFError where there are not as many."""
        found = bytearray()
        while len(found) < size:
            data = await self.read()
            if not data:
                raise EOFError
            found += data
        self._decrypted[:0] = found[size:]
        return bytes(found[:size])

    async def send(self, data: bytes) -> None:
        """Write it and wait until it is (nearly) taken."""
        if self._machine is None:
            self.writer.write(data)
            await self.writer.drain()
            return
        self._machine.write(data)
        await self._flush()

    async def until_closed(self) -> None:
        """Wait until the other side has gone."""
        while await self.read():
            pass

    def reset(self) -> None:
        """Break it off with a RST."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def close(self) -> None:
        """FIN; over TLS after a close_notify, as a right server does."""
        if self._machine is not None:
            with contextlib.suppress(ssl.SSLError):
                self._machine.unwrap()
            self.writer.write(self._outgoing.read())
        self.writer.close()

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            self.writer.write(data)
            await self.writer.drain()

    async def _fill(self) -> None:
        data = await self.reader.read(CHUNK)
        if not data:
            self._incoming.write_eof()
            raise EOFError
        self._incoming.write(data)
