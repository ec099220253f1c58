"""A Cloudflare of one's own: an HTTP server on loopback with zones, limits, faults, a log and an oracle.

`python -m tests.fakes.cloudflare` serves in its own process and prints its port; `Process` starts that, `Threaded`
serves inside the test. Control: `GET /_control/state`, `POST /_control/{zone,fault,clock,oracle,reset}`.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.cloudflare_faults import Fault, break_connection
from tests.fakes.cloudflare_oracle import Oracle
from tests.fakes.cloudflare_zone import FakeZone, Refusal

TOKEN = "t0ken-that-may-everything"
LIMIT, WINDOW = 1200, 300.0
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Token:
    """What a token may do; `zones` None is all of them."""

    edit: bool = True
    zones: list[str] | None = None
    of_account: bool = False
    """It belongs to an account, and to no user."""
    expires: str | None = None


@dataclass
class Cloudflare:
    """The state behind the server. All times are of its own clock, which stands still until it is told."""

    zones: dict[str, FakeZone] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=lambda: {TOKEN: Token()})
    faults: list[Fault] = field(default_factory=list)
    oracle: Oracle = field(default_factory=Oracle)
    log: list[dict[str, Any]] = field(default_factory=list)
    now: float = 0.0
    bucket: list[float] = field(default_factory=list)
    limit: int = LIMIT
    before_request: Callable[[int, str], None] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add_zone(self, name: str = "example.com", **facts: Any) -> FakeZone:
        """A new zone; its id tells nothing."""
        zone = FakeZone(facts.pop("id", f"{len(self.zones) + 1:032x}"), name, **facts)
        self.zones[zone.id] = zone
        return zone

    def seed(self, zone: FakeZone, **record: Any) -> dict[str, Any]:
        """A record that a person has made."""
        made = zone.post({"ttl": 1, **record})
        self.oracle.seeded(made)
        return made

    def count(self, method: str = "") -> int:
        """Requests so far, of one method or all."""
        return sum(not method or line["method"] == method for line in self.log)

    def handle(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[Answer | None, Fault | None]:
        """One request: what is answered, and the fault that breaks the connection, if one does."""
        with self.lock:
            parts = urlsplit(target)
            path = parts.path.removeprefix("/client/v4")
            if self.before_request:
                self.before_request(len(self.log) + 1, method)
            fault = next((item for item in self.faults if item.hits(method, path)), None)
            self.log.append(
                {
                    "method": method,
                    "path": path,
                    "query": parts.query,
                    "headers": headers,
                    "fault": fault.kind if fault else "",
                    "size": len(body),
                }
            )
            if fault and fault.phase == "before" and (planted := fault.answer()):
                return planted, None
            if fault and fault.phase == "before" and fault.kind in ("rst", "fin"):
                return None, fault
            status, more, payload = self._truth(method, path, dict(parse_qsl(parts.query)), headers, body)
            if fault and fault.phase == "after" and (planted := fault.answer()):
                return planted, None
            if fault and fault.kind in ("short", "empty") and status == 200:
                payload = json.dumps(fault.bend(json.loads(payload))).encode()
            if fault and fault.kind == "headers":
                more = {**more, **fault.headers}
            return (status, more, payload), fault if fault and fault.kind in ("rst", "fin", "half") else None

    def _truth(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Answer:
        try:
            self._spend()
            token = self._token(headers)
            result = self._route(method, [part for part in path.split("/") if part], query, token, body)
        except Refusal as error:
            more = {"Retry-After": str(int(WINDOW))} if error.status == 429 else {}
            told = {
                "success": False,
                "errors": [{"code": error.code, "message": error.message}],
                "messages": [],
                "result": None,
            }
            return error.status, more, json.dumps(told).encode()
        left = self.limit - len(self.bucket)
        more = {"Ratelimit": f'"default";r={left};t={int(WINDOW)}'}
        return 200, more, json.dumps({"success": True, "errors": [], "messages": [], **result}).encode()

    def _spend(self) -> None:
        self.bucket = [at for at in self.bucket if at > self.now - WINDOW]
        if len(self.bucket) >= self.limit:
            raise Refusal(429, 971, "Please wait and consider throttling your request speed")
        self.bucket.append(self.now)

    def _token(self, headers: dict[str, str]) -> Token:
        word, _, value = headers.get("authorization", "").partition(" ")
        if word != "Bearer" or "x-auth-email" in headers or "x-auth-key" in headers:
            raise Refusal(400, 6003, "Invalid request headers")
        if value not in self.tokens:
            raise Refusal(401, 1000, "Invalid API Token")
        return self.tokens[value]

    def _route(self, method: str, path: list[str], query: dict[str, str], token: Token, body: bytes) -> dict[str, Any]:
        if path[2:] == ["tokens", "verify"] or path == ["user", "tokens", "verify"]:
            if token.of_account != (path[:2] == ["accounts", "acc"]):
                raise Refusal(401, 1000, "Invalid API Token")
            return {"result": {"id": "tok", "status": "active", "expires_on": token.expires}}
        if path == ["zones"]:
            return self._zones(query, token)
        if len(path) < 2 or path[0] != "zones":
            raise Refusal(404, 7003, "Could not route to that address.")
        zone = self.zones.get(path[1])
        if zone is None or (token.zones is not None and zone.name not in token.zones):
            raise Refusal(403, 10000, "Authentication error")
        if len(path) == 2:
            return {"result": zone.as_json()}
        if path[2:] == ["settings", "ssl"]:
            return {"result": {"id": "ssl", "value": zone.ssl, "editable": True}}
        if path[2] != "dns_records":
            raise Refusal(404, 7003, "Could not route to that address.")
        if method == "GET":
            return self._read(zone, path[3:], query)
        if not token.edit:
            raise Refusal(403, 10000, "Authentication error")
        return {"result": self._write(zone, method, path[3:], json.loads(body or b"{}"))}

    def _zones(self, query: dict[str, str], token: Token) -> dict[str, Any]:
        name = query.get("name", "").lower()
        rows = [
            zone.as_json()
            for zone in self.zones.values()
            if (not name or zone.name == name) and (token.zones is None or zone.name in token.zones)
        ]
        return _page(rows, query, 50)

    def _read(self, zone: FakeZone, path: list[str], query: dict[str, str]) -> dict[str, Any]:
        if path:
            if path[0] not in zone.records:
                raise Refusal(404, 81044, "Record does not exist.")
            return {"result": _shown(zone, zone.records[path[0]])}
        rows = [_shown(zone, record) for record in zone.records.values() if _matches(record, query)]
        if (key := query.get("order")) in ("name", "type", "content", "ttl"):
            rows.sort(key=lambda row: row[key], reverse=query.get("direction") == "desc")
        return _page(rows, query, 5000)

    def _write(self, zone: FakeZone, method: str, path: list[str], body: dict[str, Any]) -> Any:
        before = dict(zone.records)
        if method == "POST" and path == ["batch"]:
            result: Any = {key: [_shown(zone, row) for row in rows] for key, rows in zone.batch(body).items()}
        elif method == "POST" and not path:
            result = _shown(zone, zone.post(body))
        elif method in ("PATCH", "PUT") and path:
            result = _shown(zone, zone.patch(path[0], body, whole=method == "PUT"))
        elif method == "DELETE" and path:
            result = {"id": zone.delete(path[0])["id"]}
        else:
            raise Refusal(405, 10405, "Method not allowed")
        self.oracle.written(before, zone.records)
        return result

    def control(self, what: str, body: dict[str, Any]) -> Any:
        """What tests in another process may ask for."""
        with self.lock:
            if what == "zone":
                seeds = body.pop("records", [])
                zone = self.add_zone(**body)
                return {"id": zone.id, "records": [self.seed(zone, **seed)["id"] for seed in seeds]}
            if what == "fault":
                self.faults.append(Fault(**body))
            elif what == "calm":
                self.faults.clear()
            elif what == "clock":
                self.now += body["advance"]
            elif what == "oracle":
                self.oracle.adopted |= set(body.get("adopted", []))
                self.oracle.must_answer |= set(body.get("must_answer", []))
            elif what == "forget":
                self.log.clear()
            return {
                "log": self.log,
                "wrong": self.oracle.wrong,
                "zones": {zone.name: list(zone.records.values()) for zone in self.zones.values()},
            }


def _matches(record: dict[str, Any], query: dict[str, str]) -> bool:
    """Cloudflare's filters do not see case."""
    for key in ("name", "type", "content", "comment"):
        wanted = query.get(key) or query.get(f"{key}.exact")
        if wanted is not None and str(record.get(key) or "").lower() != wanted.lower():
            return False
    return True


def _shown(zone: FakeZone, record: dict[str, Any]) -> dict[str, Any]:
    return {"meta": {}, "settings": {}, "tags": [], **record, "zone_id": zone.id, "zone_name": zone.name}


def _page(rows: list[dict[str, Any]], query: dict[str, str], most: int) -> dict[str, Any]:
    size = min(most, int(query.get("per_page", 100)))
    page = int(query.get("page", 1))
    part = rows[(page - 1) * size : page * size]
    pages = -(-len(rows) // size)
    info = {"page": page, "per_page": size, "count": len(part), "total_count": len(rows), "total_pages": pages}
    return {"result": part, "result_info": info}


class Threaded:
    """The server inside this process. `url` is the base of the API."""

    def __init__(self, state: Cloudflare) -> None:
        self.state = state
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/client/v4"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> Threaded:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as stream:
            while self._one(connection, stream):
                pass

    def _one(self, connection: socket.socket, stream: Any) -> bool:
        line = stream.readline()
        if not line:
            return False
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers: dict[str, str] = {}
        while (row := stream.readline()) not in (b"\r\n", b""):
            key, _, value = row.decode("latin-1").partition(":")
            headers[key.strip().lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        if target.startswith("/_control/"):
            told = self.state.control(target.removeprefix("/_control/"), json.loads(body or b"{}"))
            connection.sendall(_http(200, {}, json.dumps(told).encode()))
            return True
        answer, fault = self.state.handle(method, target, headers, body)
        payload = _http(*answer) if answer else b""
        if fault:
            stream.close()
            break_connection(fault.kind, connection, payload)
            return False
        connection.sendall(payload)
        return True


def _http(status: int, headers: dict[str, str], body: bytes) -> bytes:
    lines = {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}
    head = "".join(f"{key}: {value}\r\n" for key, value in lines.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode("latin-1") + body


class Asked:
    """A server at a port of the loopback, and its control endpoint."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/client/v4"

    def ask(self, what: str, **body: Any) -> Any:
        """A question to the control endpoint: see `Cloudflare.control`."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_control/{what}", json.dumps(body).encode())
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.loads(answer.read())


class Process(Asked):
    """The server in a process of its own."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.cloudflare"], stdout=subprocess.PIPE, stdin=subprocess.PIPE
        )
        assert self._child.stdout
        super().__init__(int(self._child.stdout.readline()))

    def close(self) -> None:
        assert self._child.stdin
        self._child.stdin.close()
        self._child.wait(60)
        if self._child.stdout:
            self._child.stdout.close()


@contextlib.contextmanager
def process() -> Iterator[Process]:
    """A server in a process of its own, for tests that fork or measure. Ended with the block."""
    fake = Process()
    try:
        yield fake
    finally:
        fake.close()


@contextlib.contextmanager
def in_thread() -> Iterator[Asked]:
    """A server for an edgegen in another process. Ended with the block."""
    with Threaded(Cloudflare()) as fake:
        yield Asked(fake.port)


if __name__ == "__main__":
    with Threaded(Cloudflare()) as here:
        print(here.port, flush=True)
        sys.stdin.read()  # lives as long as whoever started it
