"""Faults of the fake: which request, before or after it is applied, and what the client gets to see."""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """`nth` counts the requests that match, from 1; 0 means every one. `phase`: before or after it is applied."""

    kind: str
    nth: int = 1
    phase: str = "before"
    method: str = ""
    path: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    code: int = 0
    times: int = 1
    seen: int = 0

    def hits(self, method: str, path: str) -> bool:
        """Whether it is this request's turn."""
        if (self.method and self.method != method) or self.path not in path:
            return False
        self.seen += 1
        return self.nth == 0 or self.nth <= self.seen < self.nth + self.times

    def answer(self) -> tuple[int, dict[str, str], bytes] | None:
        """What is sent instead of the truth; None where the connection is broken, or the truth is bent."""
        fixed = {
            "json": (200, {}, b'{"success": true, "result": [{"id"'),
            "html": (200, {"Content-Type": "text/html"}, b"<html>Log in to the hotel's network</html>"),
            "gzip": (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08this is not gzip"),
            "redirect": (302, {"Location": "http://127.0.0.1:9/elsewhere"}, b""),
            "null": (200, {}, _no(self.code or 1001)),
        }
        if self.kind == "status":
            return self.status, self.headers, _no(self.code) if self.code else b"oops"
        return fixed.get(self.kind)

    def bend(self, body: dict[str, Any]) -> dict[str, Any]:
        """A list that is not whole."""
        if not isinstance(body.get("result"), list) or "result_info" not in body:
            return body
        if self.kind == "short":
            return {**body, "result": body["result"][:-1]}
        if self.kind == "empty":
            return {**body, "result": [], "result_info": {**body["result_info"], "count": 0, "total_count": 0}}
        return body


def _no(code: int) -> bytes:
    error = {"code": code, "message": "planted"}
    return json.dumps({"success": False, "errors": [error], "messages": [], "result": None}).encode()


def break_connection(kind: str, connection: socket.socket, payload: bytes) -> None:
    """FIN, RST, or half an answer and then FIN."""
    if kind == "half":
        connection.sendall(payload[: len(payload) // 2])
    if kind == "rst":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
