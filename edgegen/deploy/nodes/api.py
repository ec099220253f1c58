"""A request to an engine's API through `docker system dial-stdio`: its body is in no argument list.

`docker swarm join` takes the join token as an argument, which everyone on that host can read in /proc.
"""

from __future__ import annotations

import http.client
import io
import json
import socket
from types import SimpleNamespace
from typing import cast

from edgegen.core.errors import OutsideError
from edgegen.core.show import shown
from edgegen.deploy.command import Result
from edgegen.deploy.host import BY_HAND
from edgegen.deploy.terminal_text import tail

DIAL = ("docker", "system", "dial-stdio")


def post(path: str, body: dict[str, object]) -> str:
    """The whole request as text for the standard input of `DIAL`."""
    text = json.dumps(body)  # ASCII: a character is a byte
    head = (
        f"POST {path} HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    )
    return head + text


def answer(result: Result) -> tuple[int, str]:
    """The status and the message of the engine's answer. Raises OutsideError if there is none."""
    if not result.ok or not result.stdout:
        raise OutsideError(f"the engine did not answer: {tail(result.stderr, 2) or 'no output'}", hint=BY_HAND)
    # What http.client reads instead of a socket.
    said = SimpleNamespace(makefile=lambda _mode: io.BytesIO(result.stdout.encode("utf-8", "replace")))
    try:
        response = http.client.HTTPResponse(cast(socket.socket, said))
        response.begin()
        body = response.read().decode("utf-8", "replace")
    except (http.client.HTTPException, ValueError):
        raise OutsideError(f"the engine answered `{shown(result.stdout, 80)}`, which is not HTTP") from None
    return response.status, _message(body)


def _message(body: str) -> str:
    try:
        found = json.loads(body)
    except ValueError:
        return body
    return str(found.get("message", "")) if isinstance(found, dict) else body
