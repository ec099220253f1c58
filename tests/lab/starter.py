"""A starter project in the lab: what `init` writes, with Pebble as its authority."""

from __future__ import annotations

import contextlib
import http.client
import time

from tests.lab.clients import Answer
from tests.lab.ground import ADDRESS, Ground
from tests.lab.stack import Stack


def begin(stack: Stack, template: str, domain: str, *words: str) -> None:
    """`init` and `render`, as a user's first two steps; nothing runs yet."""
    stack.folder.mkdir(parents=True, exist_ok=True)
    stack.edgegen("init", template, domain, "--email", "ops@commenthouse.com", "--address", ADDRESS, *words)
    stack.use_lab_authority()
    stack.render()


def published(ground: Ground, port: int, path: str = "/", wanted: int = 200) -> Answer:
    """What a port of this host answers over plain HTTP, as soon as it answers with this status."""
    end = time.monotonic() + 60
    seen: object = None
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("localhost", timeout=20)
        try:
            with contextlib.closing(connection):
                connection.sock = ground.connect(port, "127.0.0.1")
                connection.request("GET", path)
                got = connection.getresponse()
                seen = answer = Answer(got.status, got.headers, got.read())
        except (OSError, http.client.HTTPException) as error:
            seen = error
        else:
            if answer.status == wanted:
                return answer
        time.sleep(0.1)  # an application says nowhere that it is ready
    raise AssertionError(f"port {port} answers {seen!r} after a minute")


def is_published(ground: Ground, port: int) -> bool:
    """Whether anybody listens on a port of this host."""
    try:
        ground.connect(port, "127.0.0.1").close()
    except OSError:
        return False
    return True
