"""HTTP/1.1 over a socket that is already there: a total deadline, and caps for all that arrives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from edgegen.lookup import Deadline
from edgegen.verify.observation import Response

Ask = Callable[[str, str, Mapping[str, str]], Response]
"""(method, path with query, headers) -> what one host at one address answers over TLS. Never raises."""


class Stream(Protocol):
    """What is asked of a socket, plain or TLS."""

    def settimeout(self, value: float | None, /) -> None: ...
    def sendall(self, data: bytes, /) -> None: ...
    def recv(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


def fetch(stream: Stream, method: str, url: str, headers: Mapping[str, str], deadline: Deadline) -> Response:
    """One request on a stream of its own, which is closed afterwards. Redirects are not followed. Never raises."""
    raise NotImplementedError
