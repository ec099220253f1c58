"""Several requests over one connection, as long as it lasts, and no password over a connection that is not verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.net.conversation import Conversation, origin
from edgegen.net.deadline import Deadline
from edgegen.net.request import Stream
from edgegen.net.tcp import dial
from tests.fakes import tls_scripts as say
from tests.fakes.tls_connection import Connection
from tests.fakes.tls_scripts import Answer, Handler
from tests.fakes.tls_servers import Server, Servers


@dataclass
class Talk:
    """A conversation by plain HTTP, and how often it connected."""

    server: Server
    takes_credentials: bool = False
    connected: int = 0
    talk: Conversation = field(init=False)
    made: ClassVar[list[Conversation]] = []

    def __post_init__(self) -> None:
        deadline = Deadline.after(5)

        def connect() -> Stream | Failure:
            self.connected += 1
            return dial("127.0.0.1", self.server.port, deadline)

        self.talk = Conversation("http://a.test", connect, deadline, self.takes_credentials)
        self.made.append(self.talk)

    def statuses(self, count: int, path: str = "/") -> list[int]:
        return [self.talk.ask("GET", path, {}).status for _ in range(count)]


@pytest.fixture(autouse=True)
def _hung_up() -> Iterator[None]:
    yield
    while Talk.made:
        Talk.made.pop().close()


def test_one_connection_for_all(servers: Servers) -> None:
    talk = Talk(servers.http())
    assert talk.statuses(5) == [200] * 5
    assert talk.connected == 1


@pytest.mark.parametrize(
    "handler",
    [
        lambda _: Answer(close=True),
        lambda _: say.raw(b"HTTP/1.1 200 OK\r\n\r\nuntil the end"),
        lambda _: say.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more than it said"),
        lambda _: say.raw(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        lambda _: Answer(body=bytes(100_000)),
    ],
)
def test_where_it_can_not_go_on_a_new_connection_is_made(servers: Servers, handler: Handler) -> None:
    talk = Talk(servers.http(handler))
    assert talk.statuses(3) == [200] * 3
    assert talk.connected == 3


def test_a_connection_that_was_closed_in_the_meantime_is_made_again_once(servers: Servers) -> None:
    async def one_answer(connection: Connection) -> None:
        await connection.read()
        await connection.send(Answer().wire())
        await connection.read()

    talk = Talk(servers.tcp(one_answer))
    assert talk.statuses(3) == [200] * 3
    assert talk.connected == 3


def test_what_was_asked_again_goes_to_the_same_sink(servers: Servers) -> None:
    async def one_answer(connection: Connection) -> None:
        await connection.read()
        await connection.send(Answer(body=b"body").wire())
        await connection.read()

    talk, pieces = Talk(servers.tcp(one_answer)), list[bytes]()
    for _ in range(2):
        assert talk.talk.ask("GET", "/", {}, sink=pieces.append).status == 200
    talk.talk.close()
    assert (talk.connected, pieces) == (2, [b"body", b"body"])


def test_what_may_change_something_is_sent_over_a_connection_that_still_lives(servers: Servers) -> None:
    async def one_answer(connection: Connection) -> None:
        await connection.read()
        await connection.send(Answer().wire())

    talk = Talk(servers.tcp(one_answer))
    for connected in (1, 2):
        assert talk.talk.ask("POST", "/", {}).status == 200
        assert talk.connected == connected
        assert talk.talk.heard(20), "the server hangs up"
    talk.talk.close()
    assert not talk.talk.heard(0.0)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_may_change_something_is_never_sent_again(servers: Servers, method: str) -> None:
    requests: list[bytes] = []

    async def one_answer(connection: Connection) -> None:
        await connection.read()
        await connection.send(Answer().wire())
        requests.append(await connection.read())

    talk = Talk(servers.tcp(one_answer))
    assert talk.talk.ask("GET", "/", {}).status == 200
    answer = talk.talk.ask(method, "/", {})
    talk.talk.close()
    assert answer.failure is not None
    assert (answer.failure.trouble, answer.status, talk.connected, len(requests)) == (Trouble.CLOSED, 0, 1, 1)


def test_a_connection_that_could_not_be_made_says_how_long_it_took() -> None:
    failed = Failure(Trouble.UNREACHABLE, Phase.CONNECT, "no route", 1.5)
    talk = Conversation("http://a.test", lambda: failed, Deadline.after(5))
    answer = talk.ask("GET", "x", {})
    assert (answer.url, answer.failure, answer.seconds) == ("http://a.test/x", failed, 1.5)


def test_a_connection_for_which_no_time_was_left_is_this_machines_own_trouble() -> None:
    failed = Failure(Trouble.TIMEOUT, Phase.CONNECT, "", 0.1)
    answer = Conversation("http://a.test", lambda: failed, Deadline.after(5, 10)).ask("GET", "/", {})
    assert answer.failure is not None
    assert answer.failure.trouble is Trouble.LOCAL


def test_a_new_connection_that_is_closed_is_not_made_again(servers: Servers) -> None:
    talk = Talk(servers.tcp(say.hang_up))
    answer = talk.talk.ask("GET", "/", {})
    assert answer.failure is not None
    assert (answer.failure.trouble, talk.connected) == (Trouble.CLOSED, 1)


def test_no_connection_is_an_answer_too(servers: Servers) -> None:
    talk = Talk(Server(("127.0.0.1",), servers.closed_port()))
    answer = talk.talk.ask("GET", "/x", {})
    assert answer.url == "http://a.test/x"
    assert answer.failure is not None
    assert (answer.failure.trouble, answer.failure.phase) == (Trouble.REFUSED, Phase.CONNECT)


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
def test_credentials_go_over_verified_connections_alone(servers: Servers, name: str) -> None:
    server = servers.http()
    refused = Talk(server).talk.ask("GET", "/", {name: "Basic eA=="})
    assert refused.failure is not None
    assert refused.failure == Failure(Trouble.LOCAL, Phase.REQUEST, "credentials are sent over verified TLS only")
    assert refused.url == "http://a.test/"
    assert server.requests == []
    sent = Talk(server, takes_credentials=True).talk.ask("GET", "/", {name: "Basic eA=="})
    assert sent.status == 200
    assert server.requests[0].headers["authorization"] == "Basic eA=="


@pytest.mark.parametrize(
    ("scheme", "host", "port", "text"),
    [
        ("https", "a.test", 443, "https://a.test"),
        ("https", "a.test", 8443, "https://a.test:8443"),
        ("http", "a.test", 80, "http://a.test"),
        ("http", "2001:db8::1", 8080, "http://[2001:db8::1]:8080"),
        ("https", "2001:db8::1", 5000, "https://[2001:db8::1]:5000"),
    ],
)
def test_origins(scheme: str, host: str, port: int, text: str) -> None:
    assert origin(scheme, host, port) == text


def test_a_path_never_becomes_a_part_of_the_host(servers: Servers) -> None:
    server = servers.http()
    assert Talk(server).talk.ask("GET", ".evil.test/", {}).status == 200
    assert (server.requests[0].headers["host"], server.requests[0].target) == ("a.test", "/.evil.test/")
