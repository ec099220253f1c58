"""An ACME server that hears who wants an account, and says no to everybody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import trustme

REFUSAL = "this authority takes nobody"


class RefusingAcme:
    """A context manager on a loopback `port`. `accounts` are the payloads of all `newAccount` requests, and `ca` is
    the PEM of the authority that signed its own certificate.
    """

    def __init__(self) -> None:
        self.accounts: list[dict[str, Any]] = []
        authority = trustme.CA()
        self.ca: bytes = authority.cert_pem.bytes()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def binding(account: dict[str, Any], key: str) -> str:
    """The key id of an account's external binding (RFC 8555, 7.3.4). AssertionError where `key` did not sign it."""
    bound = account["externalAccountBinding"]
    signed = f"{bound['protected']}.{bound['payload']}".encode()
    expected = hmac.new(_decoded(key), signed, hashlib.sha256).digest()
    assert hmac.compare_digest(_decoded(bound["signature"]), expected), "signed with another key"
    kid: str = json.loads(_decoded(bound["protected"]))["kid"]
    return kid


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _handler(acme: RefusingAcme) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._send(200, {})

        def do_GET(self) -> None:
            base = f"https://127.0.0.1:{acme.port}"
            names = {
                name: f"{base}/{name}" for name in ("newNonce", "newAccount", "newOrder", "revokeCert", "keyChange")
            }
            self._send(200, {**names, "meta": {"externalAccountRequired": True}})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/newAccount":
                acme.accounts.append(json.loads(_decoded(body["payload"])))
            self._send(403, {"type": "urn:ietf:params:acme:error:unauthorized", "detail": REFUSAL, "status": 403})

        def _send(self, code: int, data: dict[str, Any]) -> None:
            body = json.dumps(data).encode()
            self.send_response(code)
            self.send_header("Replay-Nonce", "bm9uY2U")
            self.send_header("Content-Type", "application/json" if code == 200 else "application/problem+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler
