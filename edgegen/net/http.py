"""HTTP/1.1 over a stream that is already open: a total deadline, and limits for all that arrives. h11 does the wire."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import h11
from msgspec.structs import replace

from edgegen.net.answer import Failure, Limits, Response
from edgegen.net.deadline import Deadline
from edgegen.net.request import HEADER_CAP, Asking, Body, Broken, Sink, Stream
from edgegen.net.tcp import dial

Ask = Callable[[str, str, Mapping[str, str]], Response]
"""(method, path with query, headers) -> what one host at one address answers over TLS. Never raises."""
NORMAL = Limits()


def fetch(
    stream: Stream, method: str, url: str, headers: Mapping[str, str], deadline: Deadline, *, limits: Limits = NORMAL
) -> Response:
    """One request on a new stream, which is closed afterwards. Redirects are not followed. Never raises."""
    wire = HttpConnection(stream, limits)
    try:
        return wire.ask(method, url, {**headers, "Connection": "close"}, deadline)
    finally:
        wire.close()


def fetch_from(where: tuple[str, int], url: str, deadline: Deadline, limits: Limits = NORMAL) -> Response:
    """GET by plain HTTP from an address and port. A failure in the phase CONNECT: there was no connection."""
    sock = dial(*where, deadline)
    if isinstance(sock, Failure):
        return Response(url, failure=sock, seconds=sock.seconds)
    return fetch(sock, "GET", url, {}, deadline, limits=limits)


class HttpConnection:
    """One connection that takes one request after another, as long as the other side leaves it open."""

    def __init__(self, stream: Stream, limits: Limits = NORMAL) -> None:
        self._stream, self._limits = stream, limits
        self._machine = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADER_CAP)
        self._answered = False

    @property
    def open(self) -> bool:
        """Whether it can take another request."""
        if self._machine.our_state is h11.DONE and self._machine.their_state is h11.DONE:
            self._machine.start_next_cycle()
        # What came after the end of an answer would be taken for the next one; so would what comes between two.
        quiet = self._machine.our_state is h11.IDLE and not any(self._machine.trailing_data)
        return quiet and not self.heard(0.0)

    def heard(self, seconds: float) -> bool:
        """Wait so long for the other side to say something or to hang up; whether it did.

        Before the first answer of a connection it is always False: what arrives then can be tickets of TLS 1.3.
        """
        poll = select.poll()
        if self._answered:
            if getattr(self._stream, "pending", int)():  # TLS has read it already
                return True
            poll.register(self._stream, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def hang_up(self) -> None:
        """End the connection at once: whoever reads from it finds its end.

        Through a second descriptor: `SSLSocket.shutdown` drops TLS first, and what arrived encrypted would then be read
        as if it were HTTP.
        """
        with suppress(OSError), socket.socket(fileno=os.dup(self._stream.fileno())) as same:
            same.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up, and give the descriptor back."""
        self._stream.close()

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        deadline: Deadline,
        *,
        body: bytes | Body = b"",
        sink: Sink | None = None,
    ) -> Response:
        """One request and its answer. A `sink` gets the body of a 200, however long it is.

        Gzip and the like are not asked for and never unpacked. Never raises.
        """
        started = time.monotonic()
        asking = Asking(self._stream, self._machine, deadline, self._limits)
        seen = Response(url)
        try:
            asking.send(method, url, headers, body)
            seen = asking.first_answer(url)
            self._answered = True
            asking.read(seen, sink)
            failure = None
        except Broken as broken:
            failure = broken.failure
        seconds = time.monotonic() - started
        if failure is not None:
            failure = deadline.judged(replace(failure, seconds=seconds))
        return replace(seen, body=bytes(asking.found), size=asking.size, seconds=seconds, failure=failure)
