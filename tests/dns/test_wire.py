"""Requests to the API as they go out, one by one, and what is made of each answer: no provider, no plan."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import LocalIOError
from edgegen.core.secret import Secret
from edgegen.dns.api import wire as module
from edgegen.dns.api.envelope import Envelope
from edgegen.dns.api.wire import Wire
from edgegen.dns.provider import ErrorKind, ProviderError
from tests.fakes.authority_of_tests import Authority
from tests.fakes.tls_scripts import Answer, Handler, Request, Script, endless, raw, silence
from tests.fakes.tls_servers import Server, Servers, Site

TOKEN = "cf7S3cretS3cretS3cretS3cretS3cretS3cret40"
BASE = "/client/v4"
GOOD = json.dumps({"success": True, "errors": [], "result": {"id": "1"}, "result_info": {"page": 2}}).encode()
Call = Callable[[Wire], Envelope]


def GET(wire: Wire) -> Envelope:
    return wire.get("/zones", {"name": "a.test", "page": 2})


def POST(wire: Wire) -> Envelope:
    return wire.post("/zones/1/dns_records/batch", {"posts": [{"name": "é"}]})


class Watch:
    """A clock that only its sleeps move."""

    def __init__(self) -> None:
        self.seconds, self.slept = 0.0, list[float]()

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@pytest.fixture
def servers() -> Iterator[Servers]:
    with Servers() as running:
        yield running


@pytest.fixture
def opened() -> Iterator[Callable[..., Wire]]:
    """Makes a wire to a server, and closes it at the end."""
    made: list[Wire] = []

    def to(server: Server, clock: Watch | None = None, *, scheme: str = "http", cafile: str | None = None) -> Wire:
        url = f"{scheme}://localhost:{server.port}{BASE}"
        made.append(Wire(Secret(TOKEN), clock or Watch(), url, cafile))
        return made[-1]

    yield to
    for wire in made:
        wire.close()


def good(_: Request) -> Answer:
    return Answer(200, (("Content-Type", "application/json"),), GOOD)


def inside(requests: list[Request], *names: str) -> list[dict[str, str]]:
    return [{name: request.headers.get(name, "") for name in names} for request in requests]


Opened = Callable[..., Wire]


def test_a_read_as_it_goes_out(servers: Servers, opened: Opened) -> None:
    server = servers.http(good)
    wire = opened(server)
    assert GET(wire) == Envelope({"id": "1"}, {"page": 2})
    assert wire.get("/user/tokens/verify") == Envelope({"id": "1"}, {"page": 2})
    assert [(request.method, request.target) for request in server.requests] == [
        ("GET", f"{BASE}/zones?name=a.test&page=2"),
        ("GET", f"{BASE}/user/tokens/verify"),
    ]
    for request in server.requests:
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        assert request.headers["accept"] == "application/json"
        assert request.headers["api-version"] == "2026-01-01"
        assert request.headers["accept-encoding"] == "identity"
        assert request.headers["host"] == f"localhost:{server.port}"


def test_a_slash_at_the_end_of_the_address_is_not_doubled(servers: Servers) -> None:
    server = servers.http(good)
    for path in ("/v4/", "/X/", "/"):
        wire = Wire(Secret(TOKEN), Watch(), f"http://localhost:{server.port}{path}")
        wire.get("/zones")
        wire.post("/zones", {})
        wire.close()
    assert [request.target for request in server.requests] == ["/v4/zones"] * 2 + ["/X/zones"] * 2 + ["/zones"] * 2


def test_a_write_as_it_goes_out(servers: Servers, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY", "CLOUDFLARE_API_USER_SERVICE_KEY"):
        monkeypatch.setenv(name, "another")
    bodies: list[bytes] = []

    async def script(connection: Any) -> None:
        whole = b""
        while not whole.partition(b"\r\n\r\n")[2].endswith(b"}]}"):
            whole += await connection.read()
        bodies.append(whole)
        await connection.send(good(Request("POST", "/", {})).wire())

    assert POST(opened(servers.tcp(script))) == Envelope({"id": "1"}, {"page": 2})
    head, _, body = bodies[0].partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
    assert line == f"POST {BASE}/zones/1/dns_records/batch HTTP/1.1"
    assert json.loads(body) == {"posts": [{"name": "é"}]}
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert (headers["accept"], headers["content-type"]) == ("application/json", "application/json")
    assert (headers["api-version"], headers["accept-encoding"]) == ("2026-01-01", "identity")
    assert int(headers["content-length"]) == len(body)
    assert "another" not in head.decode()
    assert not [name for name in headers if name.startswith("x-auth")]
    assert len(fields) == len(headers), "no header is sent twice"


def test_reads_and_writes_share_one_connection(servers: Servers, opened: Opened) -> None:
    server = servers.http(good)
    wire = opened(server)
    for call in (GET, POST, GET, POST):
        call(wire)
    assert (server.connections, len(server.requests)) == (1, 4)


@pytest.mark.parametrize("call", [GET, POST])
def test_a_site_of_ones_own_authority(servers: Servers, opened: Opened, tmp_path: Path, call: Call) -> None:
    authority = Authority.root()
    server = servers.tls(Site(authority.issue("localhost"), good))
    assert call(opened(server, scheme="https", cafile=authority.write(tmp_path))).result == {"id": "1"}
    strangers = Authority.root().write(tmp_path / "other") if (tmp_path / "other").mkdir() is None else ""
    for cafile in (None, strangers):
        with pytest.raises(
            ProviderError, match=r"^Cloudflare's API could not be reached: its certificate is not"
        ) as told:
            call(opened(server, scheme="https", cafile=cafile))
        assert (told.value.failure, told.value.passing) == (ErrorKind.UNSURE, True)
    assert len(server.requests) == 1


@pytest.mark.parametrize("call", [GET, POST])
def test_authorities_that_cannot_be_read(servers: Servers, opened: Opened, call: Call) -> None:
    with pytest.raises(LocalIOError, match=r"none\.pem"):
        call(opened(servers.http(), scheme="https", cafile="/nonexistent/none.pem"))


@pytest.mark.parametrize("call", [GET, POST])
def test_a_redirect_is_no_answer(servers: Servers, opened: Opened, call: Call) -> None:
    for status in (301, 307, 308):
        elsewhere = servers.http(good)
        there = Answer(status, (("Location", f"http://localhost:{elsewhere.port}/"),), b"")
        server = servers.http(lambda _, there=there: there)
        with pytest.raises(ProviderError) as told:
            call(opened(server))
        assert told.value.failure is ErrorKind.UNSURE
        assert (elsewhere.requests, len(server.requests)) == ([], 1)


WRONG: list[tuple[Script | Answer, str]] = [
    (
        Answer(200, (("Content-Encoding", "gzip"),), gzip.compress(GOOD)),
        "a malformed answer: compressed, which was not",
    ),
    (silence, "no answer within "),
    (raw(b""), "the other side hung up"),
    (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), "more data than is read"),
    (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"), "the other side hung up"),
    (Answer(body=b"x" * 5000), "more data than is read"),
]


@pytest.mark.quick(2)
@pytest.mark.parametrize("call", [GET, POST], ids=["GET", "POST"])
@pytest.mark.parametrize(("answer", "words"), WRONG)
def test_an_answer_that_did_not_come_whole(
    servers: Servers,
    opened: Opened,
    monkeypatch: pytest.MonkeyPatch,
    answer: Script | Answer,
    words: str,
    call: Call,
) -> None:
    """Reads and writes have the same deadline and the same limit."""
    if answer is silence:
        monkeypatch.setattr(module, "TOTAL_TIMEOUT", 0.5)
    monkeypatch.setattr(module, "BODY_LIMIT", 4000)
    server = servers.http(lambda _: answer)
    watch = Watch()
    with pytest.raises(ProviderError) as told:
        call(opened(server, watch))
    assert str(told.value).startswith(f"Cloudflare's API could not be reached: {words}")
    assert (told.value.failure, told.value.passing) == (ErrorKind.UNSURE, True)
    assert watch.slept == ([1.0, 2.0, 4.0] if call is GET else [])
    assert len(server.requests) == (4 if call is GET else 1)


def test_where_the_sdk_fails_itself_the_write_may_have_been_applied(
    servers: Servers, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    import cloudflare

    def fail(*_: Any, **__: Any) -> None:
        raise KeyError(TOKEN)

    wire = opened(servers.http(good))
    POST(wire)
    monkeypatch.setattr(cloudflare.Cloudflare, "post", fail)
    with pytest.raises(ProviderError) as told:
        POST(wire)
    assert (str(told.value), told.value.failure) == ("Cloudflare's answer can't be read (KeyError)", ErrorKind.UNSURE)
    assert not told.value.passing


def _after(*answers: Answer) -> Handler:
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def _refused(status: int, **headers: str) -> Answer:
    body = b'{"success": false, "errors": [{"code": 5, "message": "no"}]}'
    return Answer(status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), body)


@pytest.mark.parametrize(
    ("answers", "slept"),
    [
        ([_refused(503)] * 3, [1.0, 2.0, 4.0]),
        ([_refused(429, Retry_After="7")] * 3, [7.0, 7.0, 7.0]),
        ([_refused(503), _refused(429, Retry_After="7")] * 3, [1.0, 7.0, 2.0, 7.0, 4.0, 7.0]),
    ],
)
def test_a_read_is_tried_again_with_patience(
    servers: Servers, opened: Opened, answers: list[Answer], slept: list[float]
) -> None:
    watch = Watch()
    assert GET(opened(servers.http(_after(*answers, good(Request("GET", "/", {})))), watch)).result == {"id": "1"}
    assert watch.slept == slept


@pytest.mark.parametrize(
    ("answer", "count"),
    [(_refused(503), 4), (_refused(429, Retry_After="7"), 4), (_refused(403), 1), (_refused(400), 1)],
)
def test_a_read_is_not_tried_for_ever(servers: Servers, opened: Opened, answer: Answer, count: int) -> None:
    server = servers.http(lambda _: answer)
    with pytest.raises(ProviderError):
        GET(opened(server))
    assert len(server.requests) == count


@pytest.mark.parametrize("status", [429, 500, 503, 403])
def test_a_write_is_never_tried_again(servers: Servers, opened: Opened, status: int) -> None:
    server, watch = servers.http(lambda _: _refused(status, Retry_After="7")), Watch()
    with pytest.raises(ProviderError):
        POST(opened(server, watch))
    assert (len(server.requests), watch.slept) == (1, [])


def _left(requests: int, seconds: int) -> Answer:
    return Answer(200, (("Ratelimit", f'"default";r={requests};t={seconds}'),), GOOD)


@pytest.mark.parametrize(
    ("left", "slept"),
    [([10, 7], []), ([9, 7], [7.0]), ([0, 300], [300.0]), ([0, 100_000], None), ([9, 0], []), ([9, 1], [1.0])],
)
@pytest.mark.parametrize("first", [GET, POST])
def test_a_write_waits_until_the_last_list_is_possible(
    servers: Servers, opened: Opened, left: list[int], slept: list[float] | None, first: Call
) -> None:
    watch = Watch()
    wire = opened(servers.http(_after(_left(*left), good(Request("GET", "/", {})))), watch)
    first(wire)
    POST(wire)
    POST(wire)
    assert watch.slept == ([module.LONGEST_WAIT] if slept is None else slept)


def test_the_time_that_has_passed_meanwhile_counts(servers: Servers, opened: Opened) -> None:
    watch = Watch()
    wire = opened(servers.http(_after(_left(1, 7), good(Request("GET", "/", {})))), watch)
    GET(wire)
    watch.seconds += 5
    POST(wire)
    assert watch.slept == [2.0]


def test_a_token_that_is_given_back_is_hidden(servers: Servers, opened: Opened) -> None:
    told = json.dumps({"success": True, "result": f"it was {TOKEN}."}).encode()
    for call in (GET, POST):
        result = call(opened(servers.http(lambda _: Answer(200, (), told)))).result
        assert TOKEN not in result
        assert result.startswith("it was ")
        assert result.endswith(".")


def test_an_api_that_nobody_serves(servers: Servers) -> None:
    for call in (GET, POST):
        wire = Wire(Secret(TOKEN), Watch(), f"http://127.0.0.1:{servers.closed_port()}")
        with pytest.raises(ProviderError, match=r"^Cloudflare's API could not be reached: connection refused$"):
            call(wire)
        wire.close()
        wire.close()
