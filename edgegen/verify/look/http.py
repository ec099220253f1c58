"""HTTP/1.1 over a socket that is already there: a total deadline, and caps for all that arrives. h11 does the wire."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import quote, urlsplit

from edgegen import __version__
from edgegen.lookup import Deadline
from edgegen.verify.look.tcp import trouble_of, words_of
from edgegen.verify.observation import Failure, Phase, Response, Trouble
from edgegen.verify.settings import BODY_CAP, ENDLESS, HEADER_CAP

if TYPE_CHECKING:
    import h11

Ask = Callable[[str, str, Mapping[str, str]], Response]
"""(method, path with query, headers) -> what one host at one address answers over TLS. Never raises."""

_CHUNK = 16 * 1024
_BEGINNING = b"HTTP/1."
_SETTINGS = re.compile(rb"\x00..\x04\x00{3}", re.DOTALL)
"""How a server begins HTTP/2, cut to as many bytes: the head of a frame of type 4 for stream 0."""
_HUNG_UP = (Trouble.CLOSED, Trouble.RESET)
_AGENT = f"edgegen/{__version__}"
_AS_IT_IS = "/%:=&?~#+!$,;'@()*[]"
"""What may stand in a path or query as it is; everything else is percent-encoded before it is sent."""


_T = TypeVar("_T")


class Stream(Protocol):
    """What is asked of a socket, plain or TLS."""

    def settimeout(self, value: float | None, /) -> None: ...
    def sendall(self, data: bytes, /) -> None: ...
    def recv(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


def fetch(stream: Stream, method: str, url: str, headers: Mapping[str, str], deadline: Deadline) -> Response:
    """One request on a stream of its own, which is closed afterwards. Redirects are not followed. Never raises."""
    wire = HttpConnection(stream)
    try:
        return wire.ask(method, url, {**headers, "Connection": "close"}, deadline)
    finally:
        wire.close()


class HttpConnection:
    """One connection that takes one request after another, as long as the other side leaves it open."""

    def __init__(self, stream: Stream) -> None:
        import h11

        self._stream = stream
        self._machine = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADER_CAP)

    @property
    def open(self) -> bool:
        """Whether it would take one request more."""
        import h11

        if self._machine.our_state is h11.DONE and self._machine.their_state is h11.DONE:
            self._machine.start_next_cycle()
        # What came after the end of an answer would be taken for the next one.
        return self._machine.our_state is h11.IDLE and not any(self._machine.trailing_data)

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def ask(self, method: str, url: str, headers: Mapping[str, str], deadline: Deadline) -> Response:
        """One request and what came of it. Gzip and the like are not asked for and never unpacked. Never raises."""
        started = time.monotonic()
        asking = _Asking(self._stream, self._machine, deadline)
        seen = Response(url)
        try:
            asking.send(method, url, headers)
            seen = asking.first_answer(url)
            says_its_length = bool(seen.header("content-length"))
            seen = replace(seen, body=asking.body(says_its_length=says_its_length))
        except _Stopped as stopped:
            seen = replace(seen, body=stopped.body, failure=stopped.failure)
        seconds = time.monotonic() - started
        failure = replace(seen.failure, seconds=seconds) if seen.failure else None
        return replace(seen, seconds=seconds, failure=failure)


class _Stopped(Exception):  # noqa: N818 (not an error: how a conversation ends early)
    def __init__(self, trouble: Trouble, phase: Phase, detail: str, body: bytes = b"") -> None:
        super().__init__(detail)
        self.failure = Failure(trouble, phase, detail)
        self.body = body


@dataclass
class _Asking:
    """One request under way."""

    stream: Stream
    machine: h11.Connection
    deadline: Deadline
    received: int = 0
    closed: bool = False
    beginning: bytes = b""
    cut: _Stopped | None = None
    """How the request was cut; the other side may have said why before."""

    def send(self, method: str, url: str, headers: Mapping[str, str]) -> None:
        import h11

        parts = urlsplit(url)
        target = quote(parts.path or "/", _AS_IT_IS) + (f"?{quote(parts.query, _AS_IT_IS)}" if parts.query else "")
        fields = {"Host": parts.netloc, "User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        try:
            # A cookie comes back in the bytes in which it came.
            encoded = [
                (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                for name, value in fields.items()
            ]
            request = h11.Request(method=method, target=target, headers=encoded)
            data = (self.machine.send(request) or b"") + (self.machine.send(h11.EndOfMessage()) or b"")
        except h11.LocalProtocolError as error:
            raise _Stopped(Trouble.MALFORMED, Phase.REQUEST, f"can't be asked for: {error}") from None
        try:
            self._timed(Phase.REQUEST, lambda: self.stream.sendall(data))
        except _Stopped as stopped:
            if stopped.failure.trouble not in _HUNG_UP:
                raise
            self.cut = stopped

    def first_answer(self, url: str) -> Response:
        """The head of the answer. Where the request was cut: what was said before, or the cut itself."""
        try:
            return self.head(url)
        except _Stopped as stopped:
            raise (self.cut if self.cut and stopped.failure.trouble in _HUNG_UP else stopped) from None

    def head(self, url: str) -> Response:
        """The first answer that is not 1xx."""
        import h11

        while True:
            event = self._event(Phase.HEADER)
            if event is h11.NEED_DATA:
                self._check_head(self.received)
                more = self._more(Phase.HEADER)
                if not _BEGINNING.startswith(self.beginning):
                    raise _Stopped(Trouble.MALFORMED, Phase.HEADER, self._no_http())
                if not more:
                    raise _Stopped(Trouble.CLOSED, Phase.HEADER, "before its answer was there")
            else:
                self._check_head(self.received - len(self.machine.trailing_data[0]))
            if isinstance(event, h11.Response):
                return Response(url, event.status_code, _decoded(event.headers), at=datetime.now(UTC))

    def body(self, *, says_its_length: bool) -> bytes:
        """The beginning of the body. What goes beyond it is read on and thrown away where its length is not said."""
        import h11

        found, size = bytearray(), 0
        most = BODY_CAP if says_its_length else ENDLESS
        while True:
            event = self._event(Phase.BODY, found)
            if isinstance(event, h11.EndOfMessage):
                return bytes(found)
            if isinstance(event, h11.Data):
                size += len(event.data)
                found += event.data[: BODY_CAP - len(found)]
                if size > most:
                    raise _Stopped(Trouble.TOO_LARGE, Phase.BODY, f"more than {most // 1024} KiB", bytes(found))
            else:
                self._more(Phase.BODY, found)

    def _no_http(self) -> str:
        if _SETTINGS.fullmatch(self.beginning):
            return "it speaks HTTP/2, although HTTP/1.1 was asked for"
        return f"it begins with {self.beginning!r}"

    def _check_head(self, size: int) -> None:
        if size > HEADER_CAP:
            raise _Stopped(Trouble.TOO_LARGE, Phase.HEADER, f"more than {HEADER_CAP // 1024} KiB of headers")

    def _event(self, phase: Phase, found: bytes | bytearray = b"") -> object:
        import h11

        try:
            return self.machine.next_event()
        except h11.RemoteProtocolError as error:
            raise _Stopped(self._broken(error), phase, str(error), bytes(found)) from None

    def _broken(self, error: h11.RemoteProtocolError) -> Trouble:
        if error.error_status_hint == 431:  # h11's word for an event that is longer than it may be
            return Trouble.TOO_LARGE
        return Trouble.CLOSED if self.closed else Trouble.MALFORMED

    def _more(self, phase: Phase, found: bytes | bytearray = b"") -> int:
        """Read what has come. 0: the other side has hung up."""
        data = self._timed(phase, lambda: self.stream.recv(_CHUNK), found)
        self.beginning = (self.beginning + data)[: len(_BEGINNING)]
        self.received += len(data)
        self.closed = not data
        self.machine.receive_data(data)
        return len(data)

    def _timed(self, phase: Phase, work: Callable[[], _T], found: bytes | bytearray = b"") -> _T:
        left = self.deadline.left
        try:
            if not left:
                raise TimeoutError
            self.stream.settimeout(left)
            return work()
        except (OSError, ValueError) as error:
            trouble = trouble_of(error)
            detail = "no time was left" if trouble is Trouble.TIMEOUT else words_of(error)
            raise _Stopped(trouble, phase, detail, bytes(found)) from None


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
