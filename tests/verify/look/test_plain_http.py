"""The web port: one question, and what came of it; nothing is followed."""

from __future__ import annotations

import time

import pytest

from edgegen.endpoints import Endpoint
from edgegen.net.answer import Trouble
from edgegen.net.deadline import Deadline
from edgegen.verify.look.plain_http import WebSeen, look_at_web
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes import tls_scripts as say
from tests.fakes.tls_scripts import Answer, Handler, Request, redirect
from tests.fakes.tls_servers import Servers


def look_web(port: int | None, *, path: str = "/", settings: Settings | None = None, seconds: float = 60.0) -> WebSeen:
    endpoint = Endpoint("a", "a.test", path=path, web_port=port)
    return look_at_web(endpoint, "127.0.0.1", settings or Settings(), Deadline.after(seconds))


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "/edgegen-probe?edgegen=1"),
        ("/app", "/app/edgegen-probe?edgegen=1"),
        ("/app/", "/app/edgegen-probe?edgegen=1"),
    ],
)
def test_a_path_and_a_query_are_asked_for(servers: Servers, path: str, target: str) -> None:
    server = servers.http(say.to_https())
    seen = look_web(server.port, path=path)
    assert [request.target for request in server.requests] == [target]
    assert seen.connect is None
    (answer,) = seen.plain
    assert (answer.url, answer.status) == (f"http://a.test:{server.port}{target}", 301)
    assert answer.header("location") == f"https://a.test{target}"


REDIRECTS: dict[str, Handler] = {
    "none": lambda _: Answer(),
    "302": say.to_https(status=302),
    "another host": lambda _: redirect("https://evil.test/"),
    "no path": lambda request: redirect(f"https://{request.host}/"),
    "an address": lambda request: redirect(f"https://{request.address}{request.target}"),
    "two slashes": lambda _: redirect("//evil.test"),
    "a script": lambda _: redirect("javascript:alert(1)"),
    "another port": say.to_https(8443),
    "plain again": lambda request: redirect(f"http://{request.headers['host']}{request.target}"),
    "no Location": lambda _: Answer(301),
    "404 of Traefik": lambda _: say.traefik_404,
}


@pytest.mark.parametrize("case", REDIRECTS)
def test_nothing_is_followed(servers: Servers, case: str) -> None:
    server = servers.http(REDIRECTS[case])
    (answer,) = look_web(server.port).plain
    expected = REDIRECTS[case](
        Request("GET", "/edgegen-probe?edgegen=1", server.requests[0].headers, None, "127.0.0.1")
    )
    assert isinstance(expected, Answer)
    assert answer.failure is None
    assert (answer.status, answer.header("location")) == (expected.status, dict(expected.headers).get("Location", ""))
    assert (server.connections, len(server.requests)) == (1, 1)


def test_a_closed_port_is_said(servers: Servers) -> None:
    seen = look_web(servers.closed_port())
    assert seen.plain == ()
    assert seen.connect is not None
    assert seen.connect.trouble is Trouble.REFUSED


def test_no_web_port_is_not_asked() -> None:
    assert look_web(None) == WebSeen()


@pytest.mark.slow
def test_silence_ends_at_the_deadline(servers: Servers) -> None:
    started = time.monotonic()
    (answer,) = look_web(servers.tcp(say.silence).port, seconds=0.5).plain
    assert answer.failure is not None
    assert answer.failure.trouble is Trouble.TIMEOUT
    assert time.monotonic() - started < 20


def test_a_detour_leads_elsewhere(servers: Servers) -> None:
    server = servers.http(say.to_https())
    detour = Settings(connect_to=(ConnectTo("a.test", 80, "127.0.0.1", server.port),))
    (answer,) = look_web(80, settings=detour).plain
    assert answer.url == "http://a.test/edgegen-probe?edgegen=1"
    assert server.requests[0].headers["host"] == "a.test"
