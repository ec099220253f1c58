"""A registry in memory, over TLS, that is right unless a test says otherwise; and a token server.

    with FakeRegistry(root.issue("registry.test"), password="secret") as registry:
        registry.hook = lambda call: call.method == "PATCH" and call.answer(413, close=True)
        registry.calls                       # what came, in order

A hook sees each request before its body was read; when it gives anything but False or None, it has answered itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.fakes.authority_of_tests import Issued

VERSION = ("Docker-Distribution-Api-Version", "registry/2.0")
USER = "ci"


class Call(BaseHTTPRequestHandler):
    """One request, and the ways to answer it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        if self.server.fake.context is not None:
            self.request = self.server.fake.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server only knows the socket below the TLS

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):  # the other side has gone, or this one has broken it off
            self.close_connection = True

    @property
    def method(self) -> str:
        return self.command

    @property
    def where(self) -> str:
        """The path without its query."""
        return urlsplit(self.path).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    @property
    def size(self) -> int:
        return int(self.headers.get("Content-Length", "0"))

    def content(self) -> bytes:
        return self.rfile.read(self.size)

    def answer(
        self, status: int, body: bytes | dict[str, Any] = b"", *headers: tuple[str, str], close: bool = False
    ) -> bool:
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        self.send_response_only(status)
        kind = [("Content-Type", "application/json")] if isinstance(body, dict) else []
        more = [("Connection", "close")] if close else []
        for name, value in (*headers, *kind, *more):
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.close_connection = self.close_connection or close
        return True

    def reset(self) -> bool:
        """Break it off with a RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.socket.close(self.connection)
        self.close_connection = True
        return True

    def error(self, status: int, code: str, *headers: tuple[str, str]) -> bool:
        return self.answer(status, {"errors": [{"code": code, "message": "no"}]}, VERSION, *headers)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._dispatch
        raise AttributeError(name)

    def _dispatch(self) -> None:
        fake = self.server.fake
        fake.calls.append((self.command, self.path, dict(self.headers)))
        if fake.hook(self) in (False, None):
            fake.serve(self)


class _Server(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128  # of more than five at once the others would wait a second
    allow_reuse_address = True
    fake: FakeRegistry

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news."""


class FakeRegistry:
    """State and server of one registry on 127.0.0.1."""

    def __init__(self, certificate: Issued | None, *, password: str = "", deletes: bool = True) -> None:
        self.context: ssl.SSLContext | None = certificate.context() if certificate else None
        self.password, self.deletes = password, deletes
        self.hook: Callable[[Call], object] = lambda _: False
        self.calls: list[tuple[str, str, dict[str, str]]] = []
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, bytes] = {}
        self.uploads: dict[str, tuple[int, bytearray]] = {}
        self.gone = threading.Event()
        """Set when the test has seen enough: for hooks that wait."""
        self._server = _Server(("127.0.0.1", 0), Call)
        self._server.fake = self
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Nobody is answered any more."""
        self.gone.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{USER}:{self.password}".encode()).decode()

    def location(self, call: Call, upload: str) -> str:
        """Where an upload goes on: absolute, with the state that only the newest Location has."""
        state = self.uploads[upload][0]
        return f"https://{call.headers['Host']}{upload}?_state={state}&x=%2F%3D"

    def authorised(self, call: Call) -> bool:
        return not self.password or call.headers.get("Authorization") == self.basic()

    def serve(self, call: Call) -> object:
        """A right answer."""
        if not self.authorised(call):
            call.content()
            return call.error(401, "UNAUTHORIZED", ("WWW-Authenticate", 'Basic realm="fake"'))
        if call.where == "/v2/":
            return call.answer(200, {}, VERSION)
        for part, serve in (
            ("/blobs/uploads/", self._upload),
            ("/blobs/", self._blob),
            ("/manifests/", self._manifest),
        ):
            if part in call.where:
                return serve(call, call.where.rpartition("/")[2])
        return call.answer(404, b"404 page not found\n")

    def _upload(self, call: Call, name: str) -> object:
        content = call.content()
        if call.method == "POST":
            where = f"{call.where}{len(self.calls)}"
            self.uploads[where] = 0, bytearray()
            return self._go_on(call, where)
        if len(content) < call.size:  # the client has gone
            return call.reset()
        state, data = self.uploads.get(call.where, (-1, bytearray()))
        if call.query.get("_state") != str(state):
            return call.error(404, "BLOB_UPLOAD_INVALID")
        data += content
        self.uploads[call.where] = state + 1, data
        if call.method == "PATCH":
            return self._go_on(call, call.where)
        del self.uploads[call.where]
        if call.method == "DELETE":
            return call.answer(204)
        return self._finish(call, bytes(data))

    def _go_on(self, call: Call, where: str) -> object:
        return call.answer(202, b"", ("Location", self.location(call, where)), VERSION)

    def _finish(self, call: Call, data: bytes) -> object:
        digest = _digest(data)
        if call.query["digest"] != digest:
            return call.error(400, "DIGEST_INVALID")
        self.blobs[digest] = data
        return call.answer(201, b"", ("Location", f"/v2/x/blobs/{digest}"), ("Docker-Content-Digest", digest))

    def _blob(self, call: Call, digest: str) -> object:
        if call.method == "DELETE":
            return self._delete(call, self.blobs, digest)
        if digest not in self.blobs:
            return call.error(404, "BLOB_UNKNOWN")
        return call.answer(200, self.blobs[digest], ("Content-Type", "application/octet-stream"))

    def _manifest(self, call: Call, reference: str) -> object:
        content = call.content()
        if call.method == "PUT":
            self.manifests[reference] = self.manifests[_digest(content)] = content
            return call.answer(201, b"", ("Docker-Content-Digest", _digest(content)))
        if call.method == "DELETE":
            return self._delete(call, self.manifests, reference)
        if reference not in self.manifests or "oci.image.manifest" not in call.headers.get("Accept", ""):
            return call.error(404, "MANIFEST_UNKNOWN")
        data = self.manifests[reference]
        kind = ("Content-Type", "application/vnd.oci.image.manifest.v1+json")
        return call.answer(200, data, kind, ("Docker-Content-Digest", _digest(data)))

    def _delete(self, call: Call, things: dict[str, bytes], name: str) -> object:
        if not self.deletes:
            return call.error(405, "UNSUPPORTED")
        data = things.pop(name, None)
        if data is None:
            return call.error(404, "UNKNOWN")
        for tag in [tag for tag, content in things.items() if content == data]:
            del things[tag]
        return call.answer(202)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
