"""HTTP with an end: one deadline for a whole exchange, and a limit to what is read.

httpx's own timeouts begin anew with every byte, and its bodies have no limit.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

CONNECT_TIMEOUT = 5.0
TOTAL_TIMEOUT = 60.0
BODY_LIMIT = 32 * 1024 * 1024
_DATES = (9, 10)
"""OpenSSL's codes for a certificate that is not yet, or no longer, valid: the clock may be wrong."""


class BoundedTransport(httpx.BaseTransport):
    """A transport for httpx over one pool of connections. Times are in seconds, the limit in bytes."""

    def __init__(
        self,
        total: float = TOTAL_TIMEOUT,
        limit: int = BODY_LIMIT,
        cafile: str | None = None,
        *,
        secure: bool = True,
    ) -> None:
        self._total = total
        self._limit = limit
        self._backend = _Backend()
        # Reading the authorities takes longer than a request on loopback: only where they are asked.
        context = _context(cafile) if secure else None
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, network_backend=self._backend, max_connections=2, keepalive_expiry=30.0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends and reads to the end. Raises httpx.TransportError."""
        self._backend.deadline = time.monotonic() + self._total
        target = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        plain = httpcore.Request(
            request.method,
            target,
            headers=request.headers.raw,
            content=request.stream,
            extensions={"timeout": {"connect": CONNECT_TIMEOUT, "read": self._total, "write": self._total}},
        )
        try:
            answer = self._pool.handle_request(plain)
            try:
                body = self._read(answer)
            finally:
                answer.close()
        except httpcore.TimeoutException as error:
            raise httpx.ReadTimeout("no whole answer in time", request=request) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            raise httpx.TransportError(_words(error), request=request) from error
        headers = [(key, value) for key, value in answer.headers if key.lower() != b"content-length"]
        return httpx.Response(answer.status, headers=headers, content=body)

    def _read(self, answer: httpcore.Response) -> bytes:
        encodings = [value.lower() for key, value in answer.headers if key.lower() == b"content-encoding"]
        if any(value != b"identity" for value in encodings):
            raise httpcore.RemoteProtocolError("a compressed answer that was not asked for")
        chunks: list[bytes] = []
        size = 0
        for chunk in answer.iter_stream():
            size += len(chunk)
            if size > self._limit:
                raise httpcore.RemoteProtocolError(f"an answer of more than {self._limit} bytes")
            chunks.append(chunk)
        return b"".join(chunks)

    def close(self) -> None:
        """Closes the connections."""
        self._pool.close()


def _context(cafile: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=cafile)
    context.hostname_checks_common_name = False
    return context


def _words(error: Exception) -> str:
    """What went wrong on the wire, in one line."""
    cause = error.__cause__ or error.__context__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        clock = f"; this host's clock says {time.strftime('%Y-%m-%d %H:%M')}" if cause.verify_code in _DATES else ""
        return f"its certificate is not accepted ({cause.verify_message}{clock})"
    return str(error) or type(error).__name__


class _Backend(httpcore.NetworkBackend):
    """Connections whose every step ends by the deadline of the exchange."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()
        self.deadline = 0.0

    def left(self, timeout: float | None) -> float:
        """Seconds that a step may take. Raises httpcore.ReadTimeout when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline of the exchange has passed")
        return min(left, timeout) if timeout is not None else left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection that knows the deadline."""
        stream = self._inner.connect_tcp(host, port, self.left(timeout), local_address, socket_options)
        return _Stream(stream, self)


class _Stream(httpcore.NetworkStream):
    """A stream that knows the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, backend: _Backend) -> None:
        self._inner = inner
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._backend.left(timeout)), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
