"""requests' way to one address: connections where a `Wire` leads, with one trust and none beside it.

Import it inside the function that needs it: requests takes long to load.
"""

from __future__ import annotations

import errno
import http.client
import ssl
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from edgegen.verify.look.wire import Wire
from edgegen.verify.observation import Phase


class _WholeLines:
    """The stream of an answer's head, in which a line without its end is no line: http.client takes it for the last."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def readline(self, limit: int) -> Any:
        line = self.stream.readline(limit)
        if not line.endswith(b"\n") and len(line) < limit:
            raise http.client.RemoteDisconnected("the connection ended within the headers")
        return line


class _Response(http.client.HTTPResponse):
    def begin(self) -> None:
        stream = self.fp
        self.fp = _WholeLines(stream)  # type: ignore[assignment]  # it reads like the one it stands for
        super().begin()
        self.fp = stream


class _Connection(HTTPSConnection):
    """Dials where its wire says; name, SNI and `Host` stay those of the URL."""

    wire: Wire
    response_class = _Response

    def _new_conn(self) -> Any:
        return self.wire.connect(self.host, self.port)

    def connect(self) -> None:
        super().connect()
        self.wire.phase = Phase.REQUEST

    def send(self, data: Any) -> None:
        """An answer may have come before the other side hung up: urllib3 looks for it after a broken pipe alone."""
        try:
            super().send(data)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionResetError) as error:
            raise BrokenPipeError(errno.EPIPE, "the other side hung up") from error

    def getresponse(self) -> Any:
        self.wire.phase = Phase.HEADER
        answer = super().getresponse()
        self.wire.answered()
        return answer


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection
    wire: Wire

    def _new_conn(self) -> Any:
        connection = super()._new_conn()
        connection.wire = self.wire  # type: ignore[attr-defined]  # read in _new_conn
        return connection


class Adapter(HTTPAdapter):
    """Asks all hosts through one wire, with the trust that it was given and no other."""

    def __init__(self, wire: Wire, context: ssl.SSLContext) -> None:
        self._wire, self._context = wire, context
        self._pools: dict[tuple[str, int], _Pool] = {}
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:  # noqa: ARG002 - requests' own
        return self._pool(request.url)

    def get_connection(self, url: Any, proxies: Any = None) -> Any:  # noqa: ARG002 - of requests before 2.32.2
        return self._pool(url)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """The context has the authorities already; requests would add its own to it."""

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()

    def _pool(self, url: str) -> _Pool:
        parsed = urllib3.util.parse_url(url)
        key = (parsed.host or "", parsed.port or 443)
        if key not in self._pools:
            self.close()  # a wire minds one connection
            self._pools[key] = _Pool(key[0].strip("[]"), key[1], maxsize=1, block=True, ssl_context=self._context)
            self._pools[key].wire = self._wire
        return self._pools[key]
