"""HTTP/1.1 as strangers speak it: right, slow, endless, broken. Everything ends by the deadline or a cap."""

from __future__ import annotations

import random
import select
import socket
import ssl
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edgegen.net.answer import BODY_CAP, Failure, Limits, Phase, Response, Trouble
from edgegen.net.deadline import Deadline
from edgegen.net.http import HttpConnection, fetch, fetch_from
from edgegen.net.tcp import dial
from edgegen.net.tls import Line, shake
from tests.fakes import tls_scripts as say
from tests.fakes.authority_of_tests import Authority
from tests.fakes.tls_connection import Connection
from tests.fakes.tls_scripts import Answer, Handler, Request, Script, raw
from tests.fakes.tls_servers import Servers, Site

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def get(port: int, path: str = "/", *, method: str = "GET", seconds: float = 60.0) -> Response:
    deadline = Deadline.after(seconds)
    sock = dial("127.0.0.1", port, deadline)
    assert not isinstance(sock, Failure)
    return fetch(sock, method, f"http://a.test{path}", {"X-Own": "1"}, deadline)


def told(servers: Servers, script: Script, seconds: float = 60.0) -> Response:
    return get(servers.http(lambda _: script).port, seconds=seconds)


def test_an_ordinary_answer(servers: Servers) -> None:
    server = servers.http(lambda _: Answer(200, (("X-One", "1"), ("x-one", "2")), b"hello"))
    got = get(server.port, "/p/q?r=s")
    assert (got.url, got.status, got.body, got.failure) == ("http://a.test/p/q?r=s", 200, b"hello", None)
    assert [value for name, value in got.headers if name == "x-one"] == ["1", "2"]
    assert got.header("X-ONE") == "1"
    assert got.at is not None
    assert abs(got.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert 0 < got.seconds < 5


def test_an_address_is_asked_by_plain_http(servers: Servers) -> None:
    server = servers.http(lambda _: Answer(200, (("X-One", "1"),), b"hello"))
    got = fetch_from(("127.0.0.1", server.port), "http://a.test/p?q", Deadline.after(20))
    assert (got.url, got.status, got.body, got.failure) == ("http://a.test/p?q", 200, b"hello", None)
    (request,) = server.requests
    assert (request.method, request.target, request.headers["host"]) == ("GET", "/p?q", "a.test")
    assert request.headers["connection"] == "close"


def test_no_connection_to_an_address(servers: Servers) -> None:
    got = fetch_from(("127.0.0.1", servers.closed_port()), "http://a.test/p", Deadline.after(20))
    assert got.failure is not None
    assert (got.url, got.status, got.failure.trouble, got.failure.phase) == (
        "http://a.test/p",
        0,
        Trouble.REFUSED,
        Phase.CONNECT,
    )
    assert got.seconds == got.failure.seconds > 0


@pytest.mark.slow
def test_the_connection_to_an_address_has_the_same_deadline(servers: Servers) -> None:
    begun = time.monotonic()
    got = fetch_from(("127.0.0.1", servers.full_port()), "http://a.test/", Deadline.after(0.3))
    assert got.failure is not None
    assert (got.failure.trouble, got.failure.phase) == (Trouble.TIMEOUT, Phase.CONNECT)
    assert time.monotonic() - begun < 20  # the kernel would go on for two minutes


def test_callers_limits_hold(servers: Servers) -> None:
    limits = Limits(kept=3, announced=5)
    port = servers.http(lambda request: Answer(body=b"x" * int(request.query))).port

    def asked(size: int) -> list[Response]:
        url, deadline = f"http://a.test/?{size}", Deadline.after(20)
        sock = dial("127.0.0.1", port, deadline)
        assert not isinstance(sock, Failure)
        return [
            fetch_from(("127.0.0.1", port), url, deadline, limits),
            fetch(sock, "GET", url, {}, deadline, limits=limits),
        ]

    for size, trouble in ((3, None), (5, None), (6, Trouble.TOO_LARGE)):
        for got in asked(size):
            assert (got.body, got.failure and got.failure.trouble) == (b"xxx", trouble)


def test_what_is_sent(servers: Servers) -> None:
    server = servers.http()
    get(server.port, "/p?q=1")
    request = server.requests[0]
    assert (request.method, request.target) == ("GET", "/p?q=1")
    assert request.headers["host"] == "a.test"
    assert request.headers["user-agent"].startswith("edgegen/")
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["x-own"] == "1"
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("", "/"),
        ("/a b", "/a%20b"),
        ("/ü", "/%C3%BC"),
        ("/%2e%2e/x", "/%2e%2e/x"),
        ("/a?b=c d&e=[f]", "/a?b=c%20d&e=[f]"),
        ("/a\\b", "/a%5Cb"),
        ("//b", "//b"),
    ],
)
def test_paths_are_escaped_once(servers: Servers, path: str, sent: str) -> None:
    server = servers.http()
    assert get(server.port, path).status == 200
    assert server.requests[0].target == sent


def test_head_has_no_body(servers: Servers) -> None:
    server = servers.http(lambda _: Answer(200, body=b"hello"))
    got = get(server.port, method="HEAD")
    assert (got.status, got.body, got.header("content-length"), got.failure) == (200, b"", "5", None)


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", b"old"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n\r\nlate", b"late"),
        (b"HTTP/1.1 204 No\r\n\r\n", b""),
        (b"HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n", b""),
    ],
)
def test_forms_of_an_answer(servers: Servers, wire: bytes, body: bytes) -> None:
    got = told(servers, raw(wire))
    assert (got.body, got.failure) == (body, None)
    assert got.status in (200, 204, 304)


def test_gzip_is_not_unpacked(servers: Servers) -> None:
    import gzip

    bomb = gzip.compress(bytes(10_000_000))
    got = get(servers.http(lambda _: Answer(200, (("Content-Encoding", "gzip"),), bomb)).port)
    assert (got.body, got.failure) == (bomb, None)


@pytest.mark.parametrize(
    ("script", "trouble", "phase"),
    [
        (say.half_header, Trouble.CLOSED, Phase.HEADER),
        (say.half_body, Trouble.CLOSED, Phase.BODY),
        (raw(CHUNKED + b"5\r\nab"), Trouble.CLOSED, Phase.BODY),
        (say.hang_up, Trouble.CLOSED, Phase.HEADER),
        (say.not_http, Trouble.MALFORMED, Phase.HEADER),
        (raw(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"), Trouble.MALFORMED, Phase.HEADER),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), Trouble.MALFORMED, Phase.HEADER),
        (raw(b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\n\r\n"), Trouble.MALFORMED, Phase.HEADER),
        (raw(CHUNKED + b"zz\r\n"), Trouble.MALFORMED, Phase.BODY),
        (say.endless_header, Trouble.TOO_LARGE, Phase.HEADER),
        (say.endless_headers, Trouble.TOO_LARGE, Phase.HEADER),
        (say.endless_continues, Trouble.TOO_LARGE, Phase.HEADER),
        (say.ten_thousand_headers, Trouble.TOO_LARGE, Phase.HEADER),
        (say.endless_body, Trouble.TOO_LARGE, Phase.BODY),
        (say.endless_chunks, Trouble.TOO_LARGE, Phase.BODY),
        (say.long_body, Trouble.TOO_LARGE, Phase.BODY),
    ],
)
def test_what_goes_wrong(servers: Servers, script: Script, trouble: Trouble, phase: Phase) -> None:
    got = told(servers, script)
    assert got.failure is not None
    assert (got.failure.trouble, got.failure.phase) == (trouble, phase)
    assert len(got.body) <= BODY_CAP
    assert got.status == (200 if phase is Phase.BODY else 0)


@pytest.mark.parametrize(
    ("answer", "quoted"),
    [
        (CHUNKED + b"zz\r\n", r"illegal chunk header: b'zz\r\n'"),
        (b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "illegal header line: b'A : b'"),
    ],
)
def test_what_could_not_be_read_is_quoted_without_pythons_types(servers: Servers, answer: bytes, quoted: str) -> None:
    failure = told(servers, raw(answer)).failure
    assert failure is not None
    assert failure.detail == quoted


def test_reset(servers: Servers) -> None:
    got = told(servers, say.reset)
    assert got.failure is not None
    assert (got.failure.trouble, got.failure.phase) == (Trouble.RESET, Phase.HEADER)


def test_headers_just_below_and_just_above_the_cap(servers: Servers) -> None:
    def answer(size: int) -> bytes:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: "
        return head + b"x" * (size - len(head) - 4) + b"\r\n\r\nok"

    fits, too_long = told(servers, raw(answer(16 * 1024))), told(servers, raw(answer(16 * 1024 + 1)))
    assert (fits.status, fits.body, fits.failure) == (200, b"ok", None)
    assert too_long.failure is not None
    assert too_long.failure.trouble is Trouble.TOO_LARGE


def test_a_body_just_as_long_as_the_cap_and_one_byte_more(servers: Servers) -> None:
    def sized(request: Request) -> Answer:
        return Answer(body=b"x" * int(request.query))

    port = servers.http(sized).port
    assert get(port, f"/?{BODY_CAP}").failure is None
    long = get(port, f"/?{BODY_CAP + 1}")
    assert long.failure is not None
    assert (long.status, long.failure.trouble, len(long.body)) == (200, Trouble.TOO_LARGE, BODY_CAP)
    assert long.header("content-length") == str(BODY_CAP + 1)


@pytest.mark.parametrize(
    "wire",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000,
        CHUNKED + 16 * (b"10000\r\n" + b"x" * 65536 + b"\r\n") + b"0\r\n\r\n",
    ],
)
def test_a_large_page_that_does_not_say_its_length_is_read_to_its_end(servers: Servers, wire: bytes) -> None:
    got = told(servers, raw(wire))
    assert (got.status, got.failure, len(got.body)) == (200, None, BODY_CAP)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "phase"),
    [
        (say.silence, Phase.HEADER),
        (say.slow_header, Phase.HEADER),
        (say.slow_body, Phase.BODY),
        (say.slow_chunks, Phase.BODY),
        (say.drip(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.01), Phase.HEADER),
    ],
)
def test_tarpits_end_at_the_deadline(servers: Servers, script: Script, phase: Phase) -> None:
    started = time.monotonic()
    got = told(servers, script, 1.0)
    assert 0.9 < time.monotonic() - started < 20  # the server goes on
    assert got.failure is not None
    assert (got.failure.trouble, got.failure.phase) == (Trouble.TIMEOUT, phase)
    assert 0.9 < got.failure.seconds < 20
    assert bool(got.body) == (phase is Phase.BODY)


@pytest.mark.parametrize("script", [say.endless_body, say.endless_chunks, say.endless_header, say.endless_headers])
def test_endless_answers_cost_little_memory(servers: Servers, script: Script) -> None:
    port = servers.http(lambda _: script).port
    get(port)
    tracemalloc.start()
    try:
        get(port)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000  # the server's own buffers are in it


def test_a_url_that_cannot_be_asked_for_is_said(servers: Servers) -> None:
    deadline = Deadline.after(5)
    sock = dial("127.0.0.1", servers.http().port, deadline)
    assert not isinstance(sock, Failure)
    got = fetch(sock, "GET", "http://a.test/", {"Bad": "a\r\nb"}, deadline)
    assert got.failure is not None
    assert (got.failure.trouble, got.failure.phase) == (Trouble.MALFORMED, Phase.REQUEST)


def test_a_handler_is_any_answer() -> None:
    handler: Handler = say.to_https(8443)
    told = handler(Request("GET", "/a?b", {"host": "a.test:80"}))
    assert isinstance(told, Answer)
    assert dict(told.headers) == {"Location": "https://a.test:8443/a?b"}


class Recorded:
    """A stream that says what was written down for it, in pieces."""

    def __init__(self, data: bytes, piece: int) -> None:
        self._pieces = [data[at : at + piece] for at in range(0, len(data), piece)]

    def settimeout(self, value: float | None, /) -> None:
        assert value

    def fileno(self) -> int:
        return -1

    def send(self, data: bytes | memoryview, /) -> int:
        return len(data)

    def recv(self, size: int, /) -> bytes:
        return self._pieces.pop(0)[:size] if self._pieces else b""

    def close(self) -> None: ...


class Cut(Recorded):
    """One that hangs up while the request is sent; what it had said before still arrives, or an alert instead."""

    def __init__(self, data: bytes, cut: OSError, alert: OSError | None = None) -> None:
        super().__init__(data, 1000)
        self._cut, self._alert = cut, alert

    def send(self, data: bytes | memoryview, /) -> int:
        raise self._cut

    def recv(self, size: int, /) -> bytes:
        if self._alert is not None:
            raise self._alert
        return super().recv(size)


class Later(Recorded):
    """One of which TLS has read something ahead that nobody has taken yet."""

    def __init__(self, data: bytes, ahead: int, descriptor: int) -> None:
        super().__init__(data, 1000)
        self._ahead, self._descriptor = ahead, descriptor

    def fileno(self) -> int:
        return self._descriptor

    def pending(self) -> int:
        return self._ahead


@pytest.mark.parametrize("ahead", [0, 7])
def test_what_tls_has_read_ahead_is_heard(ahead: int) -> None:
    silent, other = socket.socketpair()
    with silent, other:
        connection = HttpConnection(Later(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ahead, silent.fileno()))
        assert connection.open, "before the first answer it may be tickets of TLS 1.3"
        assert not connection.heard(0.0)
        assert connection.ask("GET", "https://a.test/", {}, Deadline.after(20)).status == 200
        assert (connection.heard(0.0), connection.open) == (bool(ahead), not ahead)


def test_another_word_or_the_end_between_two_answers_is_heard(servers: Servers) -> None:
    for last in (b"HTTP/1.1 400 Unasked\r\n\r\n", b""):

        async def script(connection: Connection, last: bytes = last) -> None:
            await connection.read()
            await connection.send(Answer().wire())
            await connection.read()
            await connection.send(last)

        sock = dial("127.0.0.1", servers.tcp(script).port, Deadline.after(20))
        assert isinstance(sock, socket.socket)
        connection = HttpConnection(sock)
        assert connection.ask("GET", "http://a.test/", {}, Deadline.after(20)).status == 200
        assert (connection.heard(0.01), connection.open) == (False, True)
        sock.send(b"x")
        assert (connection.heard(20), connection.open) == (True, False)
        connection.close()


def test_who_hangs_up_finds_the_end_at_once(servers: Servers) -> None:
    sock = dial("127.0.0.1", servers.tcp(say.silence).port, Deadline.after(20))
    assert isinstance(sock, socket.socket)
    connection = HttpConnection(sock)
    connection.hang_up()
    connection.hang_up()
    answer = connection.ask("GET", "http://a.test/", {}, Deadline.after(20))
    assert answer.failure is not None
    assert answer.failure.trouble in (Trouble.CLOSED, Trouble.RESET)
    connection.close()
    connection.hang_up()


def test_what_came_encrypted_is_not_read_as_plain_text_after_the_end(servers: Servers, tmp_path: Path) -> None:
    """A server of TLS 1.3 sends tickets at once, and here an answer too; it all ends before they are read."""

    async def early(connection: Connection) -> None:
        await connection.send(b"HTTP/1.1 408 Too late\r\nContent-Length: 0\r\n\r\n")
        await connection.until_closed()

    authority = Authority.root()
    server = servers.tls_raw(Site(authority.issue("a.test")), early)
    context = ssl.create_default_context(cafile=authority.write(tmp_path))
    stream = shake(context, Line("a.test", "127.0.0.1", server.port, Deadline.after(20)))
    assert isinstance(stream, ssl.SSLSocket)
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    assert poll.poll(20_000)
    connection = HttpConnection(stream)
    connection.hang_up()
    answer = connection.ask("GET", "https://a.test/", {}, Deadline.after(20))
    connection.close()
    assert answer.status == 408 or (
        answer.failure is not None and answer.failure.trouble in (Trouble.CLOSED, Trouble.RESET)
    )


EOF_IN_WRITE = ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:2427)")


@pytest.mark.parametrize("cut", [BrokenPipeError(32, "Broken pipe"), EOF_IN_WRITE])
def test_what_was_said_before_the_request_was_cut_is_heard(cut: OSError) -> None:
    def told(stream: Cut) -> Response:
        return fetch(stream, "GET", "https://a.test/", {}, Deadline.after(5))

    early = told(Cut(b"HTTP/1.1 408 Too late\r\nContent-Length: 0\r\n\r\n", cut))
    assert (early.status, early.failure) == (408, None)
    required = ssl.SSLError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required")
    required.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    refused = told(Cut(b"", cut, required)).failure
    assert refused is not None
    assert (refused.trouble, refused.detail) == (
        Trouble.ALERT,
        "it asks its clients for a certificate",
    )
    for silent in (Cut(b"", cut), Cut(b"", cut, ConnectionResetError(104, "reset"))):
        nothing = told(silent).failure
        assert nothing is not None
        assert nothing.trouble in (Trouble.CLOSED, Trouble.RESET)
        assert nothing.phase is Phase.REQUEST


@pytest.mark.parametrize(
    ("wire", "says"),
    [
        (bytes.fromhex("000012040000000000") + bytes(18), "it speaks HTTP/2, although HTTP/1.1 was asked for"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "it begins with b'SSH-2.0'"),
        (b"<html>hello</html>", "it begins with b'<html>h'"),
    ],
)
@pytest.mark.parametrize("piece", [1, 1000])
def test_what_it_is_that_is_no_http(wire: bytes, says: str, piece: int) -> None:
    failure = fetch(Recorded(wire, piece), "GET", "https://a.test/", {}, Deadline.after(5)).failure
    assert failure is not None
    assert failure.trouble is Trouble.MALFORMED
    if piece > 1:
        assert failure.detail == says


@pytest.mark.slow
def test_broken_answers_never_raise() -> None:
    chance = random.Random(11)
    whole = [
        Answer(200, (("Set-Cookie", "a=b"), ("Location", "/x")), b"hello").wire(),
        CHUNKED + b"5;x=y\r\nhello\r\n0\r\nTrailer: 1\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n",
    ]
    good = 0
    for _ in range(5000):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randint(0, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        got = fetch(Recorded(bytes(data), chance.randint(1, 40)), "GET", "http://a.test/", {}, Deadline.after(5))
        assert got.status or got.failure
        good += got.failure is None
    assert 500 < good < 4500
