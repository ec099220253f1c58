"""The way of Cloudflare's SDK onto the wire: a transport for httpx over our own client, with its deadline and limit.

httpx's own timeouts restart with every byte, and its bodies have no limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx

from edgegen.net.answer import Response, in_words

_OWN = ("host", "content-length", "transfer-encoding", "connection")
"""Headers that the client writes itself."""


class Transport(httpx.BaseTransport):
    """Sends a request and reads its answer to the end."""

    def __init__(self, ask: Callable[[str, str, Mapping[str, str], bytes], Response]) -> None:
        self._ask = ask

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange. Raises httpx.TransportError."""
        headers = {name: value for name, value in request.headers.items() if name not in _OWN}
        answer = self._ask(request.method, request.url.raw_path.decode(), headers, request.read())
        if answer.failure is not None:
            raise httpx.TransportError(in_words(answer.failure))
        kept = [(name, value) for name, value in answer.headers if name not in _OWN]
        return httpx.Response(answer.status, headers=kept, content=answer.body)
