"""Traefik's API: the real one's words, doors that do not open, and credentials that go over verified TLS alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from edgegen.core.errors import UsageError
from edgegen.core.secret import Credentials, Secret
from edgegen.verify.look.traefik_api import Door, TraefikSeen, look_at_api
from edgegen.verify.look.trust import Trust
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes import tls_scripts as say
from tests.fakes.docker_api import FakeDockerApi, routed
from tests.fakes.tls_scripts import Answer, Request
from tests.fakes.tls_servers import Servers, Site
from tests.traefik.process import running
from tests.verify.look.conftest import Pki

WHO = Credentials("ops", Secret("swordfish"), "the environment")
BASIC = "Basic " + base64.b64encode(b"ops:swordfish").decode()
BODIES: Mapping[str, Any] = {
    "/api/http/routers": [
        {"name": "web@docker", "rule": "Host(`a.test`)", "status": "disabled", "error": ["no users found in "],
         "entryPoints": ["websecure"], "service": "web"},
        {"name": "other@docker", "rule": "Host(`b.test`)", "status": "enabled", "service": "other"},
    ],
    "/api/http/services/web@docker": {"serverStatus": {"http://10.0.0.2:80": "DOWN"}},
    "/api/entrypoints": [{"name": "websecure", "transport": {"respondingTimeouts": {"readTimeout": "1m0s"}}},
                         {"name": "free", "transport": {}}],
}  # fmt: skip


def api(request: Request) -> Answer:
    body = BODIES.get(request.path)
    return Answer(404 if body is None else 200, body=json.dumps(body).encode())


def guarded(request: Request) -> Answer:
    return api(request) if request.headers.get("authorization") == BASIC else Answer(401)


def door(port: int, **changes: Any) -> Door:
    return Door(**{"scheme": "http", "host": "127.0.0.1", "port": port, **changes})


def look(trust: Trust, at: Door, host: str = "a.test", **settings: Any) -> TraefikSeen:
    return look_at_api(at, host, Settings(**{"timeout": 5.0, **settings}), trust)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("http://127.0.0.1:8080", Door("http", "127.0.0.1", 8080)),
        ("http://127.0.0.1:8080/", Door("http", "127.0.0.1", 8080)),
        ("https://traefik.example.com/api/", Door("https", "traefik.example.com", 443)),
        ("http://[::1]/below/api", Door("http", "::1", 80, "/below")),
    ],
)
def test_doors(url: str, meant: Door) -> None:
    assert Door.parse(url) == meant


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8080", "ftp://a", "http://", "http://me:swordfish@a.test", "http://a:99999", "http://a b/"]
)
def test_what_is_no_door(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Door.parse(url)
    assert "swordfish" not in str(caught.value)


def test_routers_of_a_host(servers: Servers, trust: Trust) -> None:
    server = servers.http(api)
    seen = look(trust, door(server.port))
    (router,) = seen.routers
    assert (router.name, router.status, router.errors) == ("web@docker", "disabled", ("no users found in ",))
    assert (router.entrypoints, router.servers) == (("websecure",), {"http://10.0.0.2:80": "DOWN"})
    assert seen.read_timeouts == {"websecure": "1m0s", "free": "0"}
    assert server.connections == 1
    assert look(trust, door(server.port), "nobody.test").routers == ()


@pytest.mark.parametrize(
    ("handler", "trouble"),
    [
        (lambda _: Answer(401), "password"),
        (lambda _: Answer(404), "answers 404"),
        (lambda _: Answer(200, body=b"<html>"), "not Traefik's API"),
        (lambda _: Answer(302, (("Location", "http://127.0.0.1:1/"),)), "answers 302"),
    ],
)
def test_what_does_not_open(servers: Servers, trust: Trust, handler: Any, trouble: str) -> None:
    seen = look(trust, door(servers.http(handler).port))
    assert trouble in seen.trouble
    assert seen.routers == ()


@pytest.mark.parametrize("body", [b"{}", b"[1, null]", b"5"])
def test_answers_of_another_shape(servers: Servers, trust: Trust, body: bytes) -> None:
    assert look(trust, door(servers.http(lambda _: Answer(200, body=body)).port)) == TraefikSeen()


def test_a_closed_port(servers: Servers, trust: Trust) -> None:
    assert "refused" in look(trust, door(servers.closed_port())).trouble


def test_a_name_that_only_this_machine_knows(servers: Servers, trust: Trust) -> None:
    server = servers.http(api)
    seen = look(
        trust, door(server.port, host="localhost"), connect_to=(ConnectTo("localhost", None, "127.0.0.1", None),)
    )
    assert seen.routers
    assert "found" in look(trust, door(server.port, host="nowhere.invalid")).trouble


def test_the_dashboards_host_with_its_password(servers: Servers, trust: Trust, pki: Pki) -> None:
    server = servers.tls(Site(pki.middle.issue("traefik.test"), guarded))
    at = door(server.port, scheme="https", host="traefik.test", credentials=WHO)
    way = (ConnectTo("traefik.test", None, "127.0.0.1", None),)
    assert look(trust, at, connect_to=way).routers
    assert "password" in look(trust, door(server.port, scheme="https", host="traefik.test"), connect_to=way).trouble


def test_no_password_over_what_is_not_verified(servers: Servers, trust: Trust, pki: Pki) -> None:
    plain = servers.http(guarded)
    untrusted = servers.tls(Site(pki.stranger.issue("traefik.test"), guarded))
    way = (ConnectTo("traefik.test", None, "127.0.0.1", None),)
    assert "password" in look(trust, door(plain.port, credentials=WHO)).trouble
    at = door(untrusted.port, scheme="https", host="traefik.test", credentials=WHO)
    assert "not trusted" in look(trust, at, connect_to=way).trouble
    sent = [*plain.requests, *untrusted.requests]
    assert all("authorization" not in request.headers for request in sent)


def test_a_password_that_comes_back_is_not_shown(servers: Servers, trust: Trust, pki: Pki) -> None:
    """What is not HTTP is quoted, and this server repeats the request's header without its name."""
    back = say.raw(f"HTTP/1.1 200 OK\r\n{BASIC}\r\n\r\n".encode())
    server = servers.tls(Site(pki.middle.issue("traefik.test"), lambda _: back))
    at = door(server.port, scheme="https", host="traefik.test", credentials=WHO)
    trouble = look(trust, at, connect_to=(ConnectTo("traefik.test", None, "127.0.0.1", None),)).trouble
    assert "illegal header" in trouble
    assert BASIC.partition(" ")[2] not in trouble


@pytest.mark.lab
def test_the_real_traefik(trust: Trust) -> None:
    containers = [
        routed("good", {}),
        routed("wild", {"traefik.http.routers.wild.rule": "Host(`*.wild.test`)"}),
        routed("bad", {"traefik.http.routers.bad.middlewares": "nope"}),
    ]
    flags = ["--providers.docker=true", "--providers.docker.exposedbydefault=false"]
    with (
        FakeDockerApi(containers) as engine,
        running([*flags, f"--providers.docker.endpoint={engine.endpoint}"]) as traefik,
    ):
        traefik.until(lambda data: "good@docker" in data.get("routers", {}))
        at = Door.parse(f"http://127.0.0.1:{traefik.api_port}/")
        seen = {host: look(trust, at, host) for host in ("good.test", "any.wild.test", "bad.test", "nobody.test")}
    assert {host: [(router.name, router.status) for router in one.routers] for host, one in seen.items()} == {
        "good.test": [("good@docker", "enabled")],
        "any.wild.test": [("wild@docker", "enabled")],
        "bad.test": [("bad@docker", "disabled")],
        "nobody.test": [],
    }
    assert seen["bad.test"].routers[0].errors == ('middleware "nope@docker" does not exist',)
    assert list(seen["good.test"].routers[0].servers.values()) == ["UP"]
    assert seen["good.test"].read_timeouts["web"] == "1m0s"


ODD_ROUTER: dict[str, Any] = {"name": "web@docker", "rule": "Host(`a.test`)", "service": "web"}
ODD = [
    *([{**ODD_ROUTER, key: value}] for key in ("error", "entryPoints", "status", "service")
      for value in (None, 5, "x", {}, [1])),
    [{"name": "websecure", "transport": None}], [{"name": "websecure", "transport": {"respondingTimeouts": [1]}}],
    [None, 5, []], {"serverStatus": [1]}, {"serverStatus": "UP"}, {}, 5, "text", None,
]  # fmt: skip


@pytest.mark.parametrize("body", ODD)
def test_whatever_calls_itself_an_api(body: object, servers: Servers, trust: Trust) -> None:
    text = json.dumps(body).encode()
    server = servers.http(lambda _: Answer(200, body=text))
    assert look(trust, door(server.port)).trouble == ""


def test_an_answer_that_is_nested_too_deep(servers: Servers, trust: Trust) -> None:
    server = servers.http(lambda _: Answer(200, body=b"[" * 60_000))
    assert "not Traefik's API" in look(trust, door(server.port)).trouble
