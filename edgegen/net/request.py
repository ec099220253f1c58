"""One HTTP request under way on a stream: sent, and its answer read, each step within the deadline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Protocol, TypeVar
from urllib.parse import quote, urlsplit

import h11
from msgspec import Struct, field

from edgegen import __version__
from edgegen.core.pattern import late_pattern
from edgegen.net.answer import Failure, Limits, Phase, Response, Trouble
from edgegen.net.deadline import Deadline
from edgegen.net.tcp import trouble_of, words_of

HEADER_CAP = 16 * 1024

_PIECE = 16 * 1024
_BEGINNING = b"HTTP/1."
_SETTINGS = late_pattern(rb"\x00..\x04\x00{3}", re.DOTALL)
"""How a server begins HTTP/2, cut to as many bytes: the head of a frame of type 4 for stream 0."""
_HUNG_UP = (Trouble.CLOSED, Trouble.RESET)
_BYTES = late_pattern(r"bytearray\((b.*)\)")
"""How h11 quotes what it could not read."""
_AGENT = f"edgegen/{__version__}"
_AS_IT_IS = "/%:=&?~#+!$,;'@()*[]"
"""What may appear in a path or query unchanged; everything else is percent-encoded before it is sent."""

_T = TypeVar("_T")
Sink = Callable[[bytes], None]


class Stream(Protocol):
    """What is used of a socket, plain or TLS."""

    def fileno(self) -> int: ...
    def settimeout(self, value: float | None, /) -> None: ...
    def send(self, data: bytes | memoryview, /) -> int: ...
    def recv(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class Body(Protocol):
    """A body that is made while it is sent. `whole` turns True when all of it was handed out."""

    whole: bool

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[bytes]: ...


class Broken(Exception):  # noqa: N818 (not an error: how a conversation ends early)
    """The exchange can't go on. Never leaves `HttpConnection.ask`."""

    def __init__(self, trouble: Trouble, phase: Phase, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(trouble, phase, detail)


class Asking(Struct):
    """One request under way."""

    stream: Stream
    machine: h11.Connection
    deadline: Deadline
    limits: Limits
    received: int = 0
    closed: bool = False
    beginning: bytes = b""
    cut: Broken | None = None
    """How the request was cut; the other side may have said why before."""
    found: bytearray = field(default_factory=bytearray)
    size: int = 0
    """Bytes of the body so far; `found` has the first of them."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | Body) -> None:
        """The request, as far as it gets. A body may end before it is whole: then the answer comes early."""
        try:
            head = self._event_sent(_request(method, url, headers, len(body)))
            if isinstance(body, bytes):
                data = self._event_sent(h11.Data(data=body)) if body else b""
                self._write(head + data + self._event_sent(h11.EndOfMessage()))
                return
            self._write(head)
            for piece in body:
                self._write(self._event_sent(h11.Data(data=piece)))
            if body.whole:
                self._write(self._event_sent(h11.EndOfMessage()))
        except h11.LocalProtocolError as error:
            raise Broken(Trouble.MALFORMED, Phase.REQUEST, f"can't be asked for: {error}") from None
        except Broken as broken:
            if broken.failure.trouble not in _HUNG_UP:
                raise
            self.cut = broken

    def first_answer(self, url: str) -> Response:
        """The head of the answer. Where the request was cut: what was said before, or the cut itself."""
        try:
            return self._head(url)
        except Broken as broken:
            raise (self.cut if self.cut and broken.failure.trouble in _HUNG_UP else broken) from None

    def read(self, head: Response, sink: Sink | None) -> None:
        """The body, its beginning into `found`; all of it into the sink, where there is one and the status is 200.

        What goes beyond `found` is read on and thrown away.
        """
        take = sink if head.status == 200 else None
        most = self.limits.announced if head.header("content-length") else self.limits.unannounced
        while not isinstance(event := self._event(Phase.BODY), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                self._more(Phase.BODY)
                continue
            self.size += len(event.data)
            if take is not None:
                take(bytes(event.data))
                continue
            self.found += event.data[: self.limits.kept - len(self.found)]
            if self.size > most:
                raise Broken(Trouble.TOO_LARGE, Phase.BODY, f"more than {most // 1024} KiB")

    def _head(self, url: str) -> Response:
        """The first answer that is not 1xx."""
        while True:
            event = self._event(Phase.HEADER)
            if event is h11.NEED_DATA:
                self._check_head(self.received)
                more = self._more(Phase.HEADER)
                if not _BEGINNING.startswith(self.beginning):
                    raise Broken(Trouble.MALFORMED, Phase.HEADER, self._no_http())
                if not more:
                    raise Broken(Trouble.CLOSED, Phase.HEADER, "before its answer was there")
            else:
                self._check_head(self.received - len(self.machine.trailing_data[0]))
            if isinstance(event, h11.Response):
                headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers)
                return Response(url, event.status_code, headers, at=datetime.now(UTC))

    def _no_http(self) -> str:
        if _SETTINGS.fullmatch(self.beginning):
            return "it speaks HTTP/2, although HTTP/1.1 was asked for"
        return f"it begins with {self.beginning!r}"

    def _check_head(self, size: int) -> None:
        if size > HEADER_CAP:
            raise Broken(Trouble.TOO_LARGE, Phase.HEADER, f"more than {HEADER_CAP // 1024} KiB of headers")

    def _event(self, phase: Phase) -> object:
        try:
            return self.machine.next_event()
        except h11.RemoteProtocolError as error:
            raise Broken(self._why(error), phase, _BYTES.sub(r"\1", str(error))) from None

    def _why(self, error: h11.RemoteProtocolError) -> Trouble:
        if error.error_status_hint == 431:  # h11's word for an event that is longer than it may be
            return Trouble.TOO_LARGE
        return Trouble.CLOSED if self.closed else Trouble.MALFORMED

    def _event_sent(self, event: h11.Event) -> bytes:
        return self.machine.send(event) or b""

    def _write(self, data: bytes) -> None:
        """All of it. `sendall` of a TLS socket would restart its timeout with each record."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._timed(Phase.REQUEST, partial(self.stream.send, rest)) :]

    def _more(self, phase: Phase) -> int:
        """Read what has come. 0: the other side has hung up."""
        data = self._timed(phase, lambda: self.stream.recv(_PIECE))
        self.beginning = (self.beginning + data)[: len(_BEGINNING)]
        self.received += len(data)
        self.closed = not data
        self.machine.receive_data(data)
        return len(data)

    def _timed(self, phase: Phase, work: Callable[[], _T]) -> _T:
        left = self.deadline.left
        try:
            if not left:
                raise TimeoutError
            self.stream.settimeout(left)
            return work()
        except (OSError, ValueError) as error:
            trouble = trouble_of(error)
            detail = "no time was left" if trouble is Trouble.TIMEOUT else words_of(error)
            raise Broken(trouble, phase, detail) from None


def _request(method: str, url: str, headers: Mapping[str, str], size: int) -> h11.Request:
    parts = urlsplit(url)
    target = quote(parts.path or "/", _AS_IT_IS) + (f"?{quote(parts.query, _AS_IT_IS)}" if parts.query else "")
    own = {"Host": _ascii(parts.netloc), "User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    given = {name.lower() for name in headers}
    fields = {**{name: value for name, value in own.items() if name.lower() not in given}, **headers}
    if method not in ("GET", "HEAD"):
        fields["Content-Length"] = str(size)
    return h11.Request(method=method, target=target, headers=[(_bytes(name), _bytes(fields[name])) for name in fields])


def _ascii(netloc: str) -> str:
    """A host as `Host` has it, IDNA-encoded. What is not a name stays as it is."""
    try:
        return netloc if netloc.isascii() else netloc.encode("idna").decode()
    except UnicodeError:
        return netloc


def _bytes(text: str) -> bytes:
    """A cookie goes back in the bytes in which it came."""
    return text.encode("latin-1", "replace")
