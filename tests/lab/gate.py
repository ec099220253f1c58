"""The lab's application behind a login: one program for the login service, what it protects, and a second port.

`/verify` lets in who has the cookie, and sends everybody else to the login's own host, as Authelia does. Everything
else answers with the request as it arrived; one that asks for a WebSocket gets its bytes back.
"""

from __future__ import annotations

import base64
import encodings.idna  # noqa: F401  # the names of hosts need it, and a script finds it by name only
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTS = (9091, 9001)
LOGIN = "https://auth.sso.test"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Gate(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/verify"):
            self._verify()
        elif self.path == "/broken":
            self._answer(503, b"broken", {})
        elif "websocket" in self.headers.get("Upgrade", "").lower():
            self._upgraded()
        else:
            self._said()

    def _verify(self) -> None:
        if "session=alice" in self.headers.get("Cookie", ""):
            self._answer(200, b"", {"Remote-User": "alice"})
            return
        wanted = "".join(self.headers.get(f"X-Forwarded-{part}", "-") for part in ("Host", "Uri"))
        back = f"{self.headers.get('X-Forwarded-Proto')}://{wanted}"
        self._answer(302, b"log in", {"Location": f"{LOGIN}/?rd={back}"})

    def _said(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        port = self.server.server_address[1]
        body = json.dumps({"port": port, "path": self.path, "headers": headers}).encode()
        self._answer(200, body, {"Content-Type": "application/json"})

    def _upgraded(self) -> None:
        key = hashlib.sha1((self.headers["Sec-WebSocket-Key"] + _GUID).encode(), usedforsecurity=False)
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(key.digest()).decode())
        self.end_headers()
        self.wfile.flush()
        while got := self.rfile.read1(1024):
            self.wfile.write(got)
            self.wfile.flush()
        self.close_connection = True

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def serve() -> None:
    """On both ports."""
    servers = [ThreadingHTTPServer(("", port), Gate) for port in PORTS]
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    serve()
