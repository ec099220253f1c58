"""HTTP on a unix socket, as an engine speaks it: answers in JSON, and a stream of events that stays open."""

from __future__ import annotations

import json
import re
import socketserver
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from edgegen.oracle.engine_api import EngineApi


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """HTTP on a unix socket, a thread for each connection."""

    daemon_threads = True
    block_on_close = False  # a client that keeps its connection open must not keep the asker
    request_queue_size = 128


def serving(api: EngineApi) -> type[BaseHTTPRequestHandler]:
    """A handler of requests that asks `api` for every answer."""
    return type("Handler", (_Handler,), {"api": api})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: EngineApi

    def do_HEAD(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def _serve(self) -> None:
        self.api.noted(self.requestline)
        url = urlsplit(self.path)
        path = re.sub(r"^/v1\.\d+(?=/)", "", url.path)
        if path == "/_ping":
            self._send(200, b"OK", "text/plain")
        elif path == "/events":
            self._stream()
        else:
            data = self.api.answer(path, url.query)
            missing = {"message": f"page not found: {path}"}
            self._send(404 if data is None else 200, json.dumps(missing if data is None else data).encode())

    def _send(self, code: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(code)
        self.send_header("Api-Version", self.api.version)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self) -> None:
        seen: int | None = self.api.generation
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while (seen := self.api.next_event(seen or 0)) is not None:
            event = {"Type": "container", "Action": "start", "status": "start", "Actor": {"ID": str(seen)}}
            body = json.dumps(event).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
        self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def address_string(self) -> str:
        return "unix"

    def log_message(self, *_: object) -> None:
        """Silent."""

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # Traefik went away: nobody to tell
