"""Looking for Traefik's API where nobody should get it: quick, once an address, and never a failure of its own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from edgegen.endpoints import Endpoint
from edgegen.net.answer import Failure, Phase, Response, Trouble
from edgegen.net.deadline import Deadline
from edgegen.verify.look import exposed
from edgegen.verify.look.exposed import on_insecure_port, on_the_host
from edgegen.verify.look.trust import Trust
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes import tls_scripts as say
from tests.fakes.tls_scripts import Answer, Handler, Request
from tests.fakes.tls_servers import Servers

HERE = Endpoint("a", "a.test")
DETOUR = ConnectTo("a.test", 443, "127.0.0.1", 20443)


def rawdata(request: Request) -> Answer:
    return Answer(body=b'{"routers":{}}') if request.path == "/api/rawdata" else Answer(404)


def insecure(trust: Trust, *rules: ConnectTo, seconds: float = 60.0, host: str = "a.test") -> tuple[Response, ...]:
    settings = Settings(connect_to=rules)
    return on_insecure_port(Endpoint("a", host), "127.0.0.1", settings, trust, Deadline.after(seconds))


def test_both_paths_are_asked_on_the_host() -> None:
    asked = []

    def ask(method: str, path: str, headers: object) -> Response:
        asked.append((method, path, headers))
        return Response(path, 401)

    assert [answer.url for answer in on_the_host(ask, Deadline.after(5))] == ["/api/rawdata", "/dashboard/"]
    assert asked == [("GET", "/api/rawdata", {}), ("GET", "/dashboard/", {})]


def test_what_fails_there_is_absent() -> None:
    failed = Response("/", failure=Failure(Trouble.CLOSED, Phase.HEADER))
    assert on_the_host(lambda *_: failed, Deadline.after(5)) == ()
    assert on_the_host(lambda *_: Response("/", 200), Deadline.after(0)) == ()
    large = Response("/", 200, failure=Failure(Trouble.TOO_LARGE, Phase.BODY))
    assert on_the_host(lambda *_: large, Deadline.after(5)) == (large, large)


def test_the_insecure_port_of_the_address(servers: Servers, trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    server = servers.http(rawdata)
    monkeypatch.setattr(exposed, "INSECURE_PORT", server.port)
    (answer,) = insecure(trust)
    assert (answer.url, answer.status) == (f"http://127.0.0.1:{server.port}/api/rawdata", 200)
    assert answer.body == b'{"routers":{}}'
    assert server.requests[0].headers["host"] == f"127.0.0.1:{server.port}"


def test_a_detour_of_the_endpoint_says_nothing_of_that_port(servers: Servers, trust: Trust) -> None:
    server = servers.http(rawdata)
    assert insecure(trust, DETOUR) == ()
    (answer,) = insecure(trust, DETOUR, ConnectTo("a.test", 8080, "", server.port))
    assert (answer.url, answer.status) == ("http://127.0.0.1:8080/api/rawdata", 200)


SILENT: dict[str, Handler] = {
    "FIN": lambda _: say.hang_up,
    "RST": lambda _: say.reset,
    "not HTTP": lambda _: say.not_http,
    "an endless header": lambda _: say.endless_header,
}


@pytest.mark.parametrize("case", SILENT)
def test_what_does_not_answer_is_absent(servers: Servers, trust: Trust, case: str) -> None:
    assert insecure(trust, ConnectTo("", 8080, "", servers.http(SILENT[case]).port)) == ()


def test_a_closed_port_and_no_time_are_absent(servers: Servers, trust: Trust) -> None:
    assert insecure(trust, ConnectTo("", 8080, "", servers.closed_port())) == ()
    assert insecure(trust, ConnectTo("", 8080, "", servers.closed_port()), seconds=0) == ()


@pytest.mark.slow
def test_silence_takes_two_seconds_at_most(servers: Servers, trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exposed.MOST_SECONDS == 2.0
    monkeypatch.setattr(exposed, "MOST_SECONDS", 0.4)
    started = time.monotonic()
    assert insecure(trust, ConnectTo("", 8080, "", servers.tcp(say.silence).port), seconds=60) == ()
    assert time.monotonic() - started < 20


def test_many_hosts_of_one_address_ask_once(servers: Servers, trust: Trust) -> None:
    server, refused = servers.http(rawdata), servers.closed_port()
    rule = ConnectTo("", 8080, "", server.port)
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda number: insecure(trust, rule, host=f"{number}.test"), range(500)))
    assert {answers[0].status for answers in found} == {200}
    assert server.connections == 1
    assert [insecure(trust, ConnectTo("", 8080, "", refused)) for _ in range(3)] == [(), (), ()]
