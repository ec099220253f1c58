"""All of one address at once: what is good is seen as good, 200 times; what is bad does not hide the rest."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from edgegen.certificates import read
from edgegen.core.secret import Credentials, Secret
from edgegen.endpoints import Endpoint, Kind
from edgegen.net.answer import Phase, Response, Trouble
from edgegen.verify.look import address, registry
from edgegen.verify.look.address import look_at_address
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import AddressSeen, RegistrySeen
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes import tls_scripts as say
from tests.fakes.authority_of_tests import Authority, self_signed, traefik_default
from tests.fakes.tls_connection import Connection
from tests.fakes.tls_scripts import Answer, Handler, Request, ok, redirect, to_https
from tests.fakes.tls_servers import Server, Servers, Site
from tests.verify.look.conftest import HOST, Pki, look


def edge(
    servers: Servers, pki: Pki, handler: Handler = ok, *, kind: Kind = Kind.WEB, site: Site | None = None
) -> tuple[Endpoint, Server, Server]:
    """An endpoint, its TLS port and its web port, which redirects as it should."""
    secure = servers.tls(replace(site or Site(pki.middle.issue(HOST)), handler=handler))
    web = servers.http(to_https(secure.port))
    return Endpoint("a", HOST, kind=kind, port=secure.port, web_port=web.port), secure, web


def timeless(seen: AddressSeen) -> AddressSeen:
    """The same without what differs from one time to the next."""

    def response(one: Response) -> Response:
        headers = tuple(item for item in one.headers if item[0] != "date")
        return structs.replace(one, seconds=0, at=None, headers=headers)

    def all_of(some: tuple[Response, ...]) -> tuple[Response, ...]:
        return tuple(map(response, some))

    return structs.replace(seen, answers=all_of(seen.answers), plain=all_of(seen.plain), exposed=all_of(seen.exposed))


def test_a_healthy_address(servers: Servers, trust: Trust, pki: Pki) -> None:
    endpoint, secure, web = edge(servers, pki, lambda request: ok(request) if request.path == "/" else Answer(404))
    seen = look(trust, endpoint)
    assert (seen.address, seen.connect, seen.plain_connect, seen.not_public) == ("127.0.0.1", None, None, False)
    assert seen.lives
    assert seen.tls is not None
    assert (seen.tls.verified, seen.tls.weak, seen.tls.weak_trouble) == (True, (), "")
    (answer,) = seen.answers
    assert (answer.url, answer.status, answer.body) == (f"https://{HOST}:{secure.port}/", 200, b"ok")
    assert answer.header("strict-transport-security")
    assert [plain.status for plain in seen.plain] == [301]
    assert [(one.status, one.url.partition(str(secure.port))[2]) for one in seen.exposed] == [
        (404, "/api/rawdata"),
        (404, "/dashboard/"),
    ]
    # One connection for all requests and one for weak TLS.
    assert (secure.connections, web.connections) == (2, 1)
    assert {request.sni for request in secure.requests} == {HOST}


@pytest.mark.slow
def test_what_reads_certificates_is_loaded_while_the_handshake_waits(
    servers: Servers, trust: Trust, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = threading.Event()
    monkeypatch.setattr(read, "load_library", loaded.set)
    secure = servers.tcp(say.silence)
    look(trust, Endpoint("a", HOST, port=secure.port, web_port=servers.http().port), seconds=0.3)
    assert loaded.is_set()


@pytest.mark.slow
def test_two_hundred_looks_are_one(servers: Servers, trust: Trust, pki: Pki) -> None:
    endpoint, _, _ = edge(servers, pki)
    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(lambda _: timeless(look(trust, endpoint)), range(200)))
    assert all(one == seen[0] for one in seen)
    assert seen[0].answers[0].status == 200


def test_redirects_on_the_host_are_followed_over_both_ports(servers: Servers, trust: Trust, pki: Pki) -> None:
    def handle(request: Request) -> Answer:
        if request.path == "/":
            return redirect(f"http://{HOST}:{web.port}/plain")
        return Answer(body=request.path.encode())

    endpoint, _, web = edge(servers, pki, handle)
    seen = look(trust, endpoint)
    assert [answer.status for answer in seen.answers] == [301, 301, 200]
    assert seen.answers[1].url == f"http://{HOST}:{web.port}/plain"
    assert seen.answers[2].body == b"/plain"
    assert not seen.loop


def test_a_page_that_sets_a_cookie_and_reloads_is_no_loop(servers: Servers, trust: Trust, pki: Pki) -> None:
    cookie = "name=\u00fc\u00ff"

    def handle(request: Request) -> Answer:
        if request.headers.get("cookie") == cookie:
            return ok(request)
        return redirect("/", 302).header("Set-Cookie", f"{cookie}; Path=/; HttpOnly")

    endpoint, secure, web = edge(servers, pki, handle)
    seen = look(trust, endpoint)
    assert [answer.status for answer in seen.answers] == [302, 200]
    assert not seen.loop
    assert [("cookie" in request.headers) for request in (*secure.requests, *web.requests)] == [
        False,
        True,
        *[False] * 3,
    ]


def test_a_redirect_to_another_host_is_not_followed(servers: Servers, trust: Trust, pki: Pki) -> None:
    tripwire = servers.http()
    endpoint, _, _ = edge(servers, pki, lambda _: redirect(f"http://127.0.0.1:{tripwire.port}/"))
    seen = look(trust, endpoint)
    assert [answer.status for answer in seen.answers] == [301]
    assert tripwire.connections == 0


def test_a_redirect_to_another_port_of_the_host_is_dialled_and_not_asked(
    servers: Servers, trust: Trust, pki: Pki
) -> None:
    """As of a service that puts its own port into its URL."""
    own, closed = servers.http(), servers.closed_port()
    for port, trouble in ((own.port, None), (closed, Trouble.REFUSED)):
        endpoint, _, _ = edge(servers, pki, lambda _, port=port: redirect(f"https://{HOST}:{port}/login"))
        seen = look(trust, endpoint)
        assert [answer.status for answer in seen.answers] == [301]
        assert (seen.beyond and seen.beyond.trouble) == trouble
    assert (own.connections, len(own.requests)) == (1, 0)


def test_a_loop_over_both_ports(servers: Servers, trust: Trust, pki: Pki) -> None:
    """As Cloudflare's "flexible" makes it."""
    endpoint, _, web = edge(servers, pki, lambda request: redirect(f"http://{HOST}:{web.port}{request.target}"))
    seen = look(trust, endpoint)
    assert seen.loop
    assert [answer.status for answer in seen.answers] == [301, 301]


def test_a_redirect_service_is_asked_below_its_path(servers: Servers, trust: Trust, pki: Pki) -> None:
    endpoint, _, _ = edge(servers, pki, lambda r: redirect(f"https://b.test{r.target}"), kind=Kind.REDIRECT)
    (answer,) = look(trust, endpoint).answers
    assert answer.header("location") == "https://b.test/edgegen-probe?edgegen=1"


BAD = {
    "self-signed": lambda _: self_signed(HOST),
    "traefik": lambda _: traefik_default(),
    "expired": lambda pki: pki.middle.issue(HOST, days=(-90, -1)),
    "name": lambda pki: pki.middle.issue("b.test"),
    "private": lambda pki: pki.stranger.issue(HOST),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_certificate_does_not_hide_the_answer(servers: Servers, trust: Trust, pki: Pki, case: str) -> None:
    endpoint, secure, _ = edge(servers, pki, lambda _: say.traefik_404, site=Site(BAD[case](pki)))
    seen = look(trust, endpoint)
    assert seen.tls is not None
    assert not seen.tls.verified
    assert [(answer.status, len(answer.body)) for answer in seen.answers] == [(404, 19)]
    assert len(seen.exposed) == 2
    assert secure.connections == 3


NO_APPLICATION_PROTOCOL = bytes.fromhex("15 03 03 00 02 02 78")
"""The alert, as Go sends it."""


def wants_http_2(behind: int) -> say.Script:
    """A server with `alpnProtocols: [h2]`, as Traefik has it: it refuses `http/1.1`, and takes who offers nothing."""

    async def script(connection: Connection) -> None:
        hello = await connection.read()
        if b"http/1.1" in hello:
            await connection.send(NO_APPLICATION_PROTOCOL)
            return
        reader, writer = await asyncio.open_connection("127.0.0.1", behind)
        writer.write(hello)

        async def back() -> None:
            while data := await reader.read(65536):
                await connection.send(data)

        answering = asyncio.ensure_future(back())
        try:
            while data := await connection.read():
                writer.write(data)
        finally:
            writer.close()
        await asyncio.gather(answering, return_exceptions=True)

    return script


@pytest.mark.parametrize("trusted", [True, False])
def test_a_server_that_wants_http_2(servers: Servers, trust: Trust, pki: Pki, trusted: bool) -> None:
    """Browsers and Docker speak it. Without ALPN it answers HTTP/1.1, and again on a second connection."""
    own = pki.middle.issue(HOST) if trusted else self_signed(HOST)
    hidden = servers.tls(Site(own, lambda request: replace(ok(request), close=True), alpn=("h2",)))
    front = servers.tcp(wants_http_2(hidden.port))
    seen = look(trust, Endpoint("a", HOST, port=front.port, web_port=None))
    assert seen.tls is not None
    assert (seen.tls.failure, seen.tls.verified, seen.tls.alpn) == (None, trusted, "")
    assert [answer.status for answer in seen.answers] == [200]
    assert [answer.status for answer in seen.exposed] == [200, 200]


def test_a_server_that_wants_nothing_else(servers: Servers, trust: Trust) -> None:
    front = servers.tcp(say.raw(NO_APPLICATION_PROTOCOL))
    seen = look(trust, Endpoint("a", HOST, port=front.port, web_port=None))
    assert seen.tls is not None
    assert seen.tls.failure is not None
    assert seen.tls.failure.trouble is Trouble.ALERT
    assert "application" in seen.tls.failure.detail.lower()


def test_a_server_that_wants_a_certificate_of_the_client(servers: Servers, trust: Trust, pki: Pki) -> None:
    """With TLS 1.3 its alert comes after the handshake, where an answer is waited for."""

    class Demanding(Site):
        def context(self) -> ssl.SSLContext:
            made = super().context()
            made.verify_mode = ssl.CERT_REQUIRED
            made.load_verify_locations(pki.ca_file)
            return made

    endpoint = Endpoint("a", HOST, port=servers.tls(Demanding(pki.middle.issue(HOST))).port, web_port=None)
    seen = look(trust, endpoint)
    assert seen.tls is not None
    assert seen.tls.verified
    failure = seen.answers[0].failure
    assert failure is not None
    assert (failure.trouble, failure.detail) == (
        Trouble.ALERT,
        "it asks its clients for a certificate",
    )


def registry_spy(monkeypatch: pytest.MonkeyPatch, then: Callable[..., Response]) -> list[dict[str, object]]:
    calls: list[dict[str, object]] = []

    def probe(ask: Callable[..., Response], endpoint: Endpoint, credentials: object, **more: object) -> RegistrySeen:
        calls.append({"endpoint": endpoint, "credentials": credentials, **more})
        return RegistrySeen(then(ask))

    monkeypatch.setattr(registry, "probe_registry", probe)
    return calls


def settings_with_password(endpoint: Endpoint) -> Settings:
    return Settings(credentials={endpoint.authority: Credentials("ci", Secret("pw"), "test")})


def test_a_registry_is_asked_over_the_same_connection(
    servers: Servers, trust: Trust, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, secure, _ = edge(servers, pki, kind=Kind.REGISTRY)
    settings = settings_with_password(endpoint)
    calls = registry_spy(monkeypatch, lambda ask: ask("GET", "/v2/", {"Authorization": "Basic eA=="}))
    seen = look(trust, endpoint, settings=settings)
    (call,) = calls
    assert (call["endpoint"], call["trusted"], call["address"]) == (endpoint, True, "127.0.0.1")
    assert call["credentials"] is settings.credentials[endpoint.authority]
    assert seen.registry is not None
    assert seen.registry.anonymous.url == f"https://{HOST}:{secure.port}/v2/"
    asked = next(request for request in secure.requests if request.path == "/v2/")
    assert asked.headers["authorization"] == "Basic eA=="
    assert secure.connections == 2


def test_no_password_goes_to_a_host_that_is_not_trusted(
    servers: Servers, trust: Trust, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, secure, _ = edge(servers, pki, kind=Kind.REGISTRY, site=Site(self_signed(HOST)))
    calls = registry_spy(monkeypatch, lambda ask: ask("GET", "/v2/", {"Authorization": "Basic eA=="}))
    seen = look(trust, endpoint, settings=settings_with_password(endpoint))
    assert calls[0]["trusted"] is False
    assert seen.registry is not None
    assert seen.registry.anonymous.failure is not None
    assert not any("authorization" in request.headers for request in secure.requests)


def test_a_host_that_loses_its_certificate_in_between_gets_no_password(
    servers: Servers, trust: Trust, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection is closed after each answer; the next one shows another certificate."""
    sites = iter([Site(pki.middle.issue(HOST), lambda _: Answer(close=True)), *[Site(self_signed(HOST))] * 9])
    secure = servers.tls(lambda name: next(sites) if name else Site(self_signed(HOST)))
    monkeypatch.setattr(address, "look_for_weak", lambda *_: ((), ""))  # it would be shown the one good certificate
    registry_spy(monkeypatch, lambda ask: ask("GET", "/v2/", {"Authorization": "Basic eA=="}))
    endpoint = Endpoint("a", HOST, kind=Kind.REGISTRY, port=secure.port, web_port=None)
    seen = look(trust, endpoint, settings=settings_with_password(endpoint))
    assert seen.registry is not None
    assert seen.registry.anonymous.failure is not None
    assert seen.registry.anonymous.failure.trouble is Trouble.UNTRUSTED
    assert not any("authorization" in request.headers for request in secure.requests)


@pytest.mark.parametrize("kind", [Kind.TLS, Kind.TCP])
def test_what_is_not_http_is_asked_nothing(servers: Servers, trust: Trust, pki: Pki, kind: Kind) -> None:
    site = Site(pki.middle.issue(HOST), alpn=("postgresql",))
    secure = servers.tls(site)
    seen = look(trust, Endpoint("pg", HOST, kind=kind, port=secure.port, web_port=None))
    assert seen.tls is not None
    assert (seen.tls.verified, seen.tls.weak_trouble) == (True, "")
    assert (seen.answers, seen.plain, seen.exposed, seen.plain_connect) == ((), (), (), None)
    assert secure.requests == []


def test_a_closed_tls_port_beside_a_web_port_that_lives(servers: Servers, trust: Trust) -> None:
    web = servers.http(to_https())
    seen = look(trust, Endpoint("a", HOST, port=servers.closed_port(), web_port=web.port))
    assert seen.connect is not None
    assert (seen.connect.trouble, seen.connect.phase) == (Trouble.REFUSED, Phase.CONNECT)
    assert (seen.tls, seen.answers, seen.lives) == (None, (), False)
    assert [answer.status for answer in seen.plain] == [301]


def test_a_closed_web_port_beside_tls_that_lives(servers: Servers, trust: Trust, pki: Pki) -> None:
    endpoint, _, _ = edge(servers, pki)
    seen = look(trust, structs.replace(endpoint, web_port=servers.closed_port()))
    assert seen.plain_connect is not None
    assert seen.plain_connect.trouble is Trouble.REFUSED
    assert seen.answers[0].status == 200


def test_an_incomplete_chain_is_completed(servers: Servers, trust: Trust, pki: Pki) -> None:
    library = servers.http(lambda _: Answer(body=pki.middle.der))
    issued = pki.middle.issue(HOST, aia=f"http://127.0.0.1:{library.port}/r1.der").alone()
    secure = servers.tls(Site(issued))
    endpoint = Endpoint("a", HOST, port=secure.port, web_port=None)
    seen = look(trust, endpoint, settings=Settings(allow_private=True))
    assert seen.tls is not None
    assert seen.tls.verify_code == 20
    assert seen.tls.missing_issuer is not None
    assert seen.tls.missing_issuer.subject == "CN=Test R1"


def test_an_issuer_on_an_address_that_is_not_public_is_not_fetched(servers: Servers, trust: Trust, pki: Pki) -> None:
    library = servers.http(lambda _: Answer(body=pki.middle.der), address="127.0.0.2")
    issued = pki.middle.issue(HOST, aia=f"http://127.0.0.2:{library.port}/r1.der").alone()
    secure = servers.tls(Site(issued))
    seen = look(trust, Endpoint("a", HOST, port=secure.port, web_port=None))
    assert seen.tls is not None
    assert seen.tls.missing_issuer is None
    assert library.connections == 0
    detour = Settings(connect_to=(ConnectTo("127.0.0.2", library.port, "127.0.0.2", None),))
    again = look(trust, Endpoint("a", HOST, port=secure.port, web_port=None), settings=detour)
    assert again.tls is not None
    assert again.tls.missing_issuer is not None


def test_an_issuer_seen_on_another_host_completes(servers: Servers, trust: Trust, pki: Pki) -> None:
    server = servers.tls({"b.test": Site(pki.middle.issue("b.test")), HOST: Site(pki.middle.issue(HOST).alone())})
    other = look(trust, Endpoint("b", "b.test", port=server.port, web_port=None))
    assert other.tls is not None
    assert other.tls.verified
    seen = look(trust, Endpoint("a", HOST, port=server.port, web_port=None))
    assert seen.tls is not None
    assert seen.tls.missing_issuer is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "trouble"),
    [(say.slow_header, Trouble.TIMEOUT), (say.slow_body, Trouble.TIMEOUT), (say.silence, Trouble.TIMEOUT)],
)
def test_tarpits_over_tls_end_at_the_deadline(
    servers: Servers, trust: Trust, pki: Pki, script: say.Script, trouble: Trouble
) -> None:
    endpoint, _, _ = edge(servers, pki, lambda _: script)
    started = time.monotonic()
    seen = look(trust, endpoint, seconds=1.0)
    assert 0.9 < time.monotonic() - started < 20
    assert seen.answers[0].failure is not None
    assert seen.answers[0].failure.trouble is trouble
    assert seen.plain[0].status == 301


@pytest.mark.slow
def test_two_tarpits_share_one_deadline(servers: Servers, trust: Trust) -> None:
    silent = servers.tcp(say.silence)
    started = time.monotonic()
    seen = look(trust, Endpoint("a", HOST, port=silent.port, web_port=silent.port), seconds=2.0)
    assert 1.9 < time.monotonic() - started < 3.8  # one after the other, they would take 4
    assert seen.tls is not None
    assert seen.tls.failure is not None
    assert seen.plain[0].failure is not None


@pytest.mark.parametrize("script", [say.endless_body, say.endless_header, say.endless_headers, say.long_body])
def test_endless_answers_over_tls(servers: Servers, trust: Trust, pki: Pki, script: say.Script) -> None:
    endpoint, _, _ = edge(servers, pki, lambda _: script)
    (answer,) = look(trust, endpoint).answers
    assert answer.failure is not None
    assert answer.failure.trouble is Trouble.TOO_LARGE


@pytest.mark.slow
def test_extras_that_fail_leave_a_good_result_good(servers: Servers, trust: Trust, pki: Pki) -> None:
    endpoint, _, _ = edge(servers, pki, lambda request: ok(request) if request.path == "/" else say.silence)
    seen = look(trust, endpoint, seconds=2.0)
    assert [answer.status for answer in seen.answers] == [200]
    assert seen.answers[0].failure is None
    assert seen.exposed == ()


def test_a_detour_leads_to_another_port(servers: Servers, trust: Trust, pki: Pki) -> None:
    _, secure, web = edge(servers, pki)
    detours = (ConnectTo(HOST, 443, "127.0.0.1", secure.port), ConnectTo(HOST, 80, "127.0.0.1", web.port))
    seen = look(trust, Endpoint("a", HOST), settings=Settings(connect_to=detours))
    assert seen.tls is not None
    assert seen.tls.verified
    assert seen.answers[0].url == f"https://{HOST}/"
    assert secure.requests[0].headers["host"] == HOST
    assert seen.plain[0].url == f"http://{HOST}/edgegen-probe?edgegen=1"


def test_an_address_as_host(servers: Servers, trust: Trust, pki: Pki) -> None:
    secure = servers.tls(Site(pki.middle.issue("127.0.0.1")))
    seen = look(trust, Endpoint("a", "127.0.0.1", port=secure.port, web_port=None))
    assert seen.tls is not None
    assert seen.tls.verified
    assert secure.names == [None, None]


def test_the_authorities_file_decides(servers: Servers, pki: Pki, tmp_path: Path) -> None:
    other = Authority.root("Other Root")
    endpoint, _, _ = edge(servers, pki)
    seen = look(Trust.load(other.write(tmp_path)), endpoint)
    assert seen.tls is not None
    assert (seen.tls.verified, seen.tls.verify_code) == (False, 20)


ENDLESS_AT_ONCE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from edgegen.endpoints import Endpoint
from edgegen.verify.look.address import look_at_address
from edgegen.verify.look.trust import Trust
from edgegen.verify.settings import Settings
trust, endpoint = Trust.load(sys.argv[1]), Endpoint("a", "a.test", port=int(sys.argv[2]), web_port=int(sys.argv[3]))
with ThreadPoolExecutor(64) as pool:
    looks = [pool.submit(look_at_address, endpoint, "127.0.0.1", Settings(), trust, 20) for _ in range(64)]
    print(*{look.result().answers[0].failure.trouble.value for look in looks}, end=" ")
# Of this program alone: `ru_maxrss` would begin with the memory of whoever started it.
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_of_long_pages_only_the_beginning_is_kept_and_how_long_they_are(
    servers: Servers, trust: Trust, pki: Pki
) -> None:
    endpoint, _, _ = edge(servers, pki, lambda _: Answer(body=b"x" * 60_000), kind=Kind.REGISTRY)
    seen = look(trust, endpoint)
    assert seen.registry is not None
    for one in (*seen.answers, seen.registry.anonymous, *seen.exposed):
        assert (one.failure, len(one.body), one.size) == (None, 2048, 60_000)
    assert [len(one.body) for one in seen.plain] == [0]


@pytest.mark.slow
def test_a_time_out_at_the_very_end_says_nothing_about_the_other_side(servers: Servers, trust: Trust, pki: Pki) -> None:
    """Of 10 s only 1.2 were left when this address had its turn."""
    endpoint, _, _ = edge(servers, pki, lambda _: say.silence)
    silent = servers.tcp(say.silence)
    seen = look_at_address(endpoint, "127.0.0.1", Settings(timeout=10.0), trust, 1.2)
    shaken = look_at_address(
        structs.replace(endpoint, port=silent.port), "127.0.0.1", Settings(timeout=10.0), trust, 1.2
    )
    full = structs.replace(endpoint, port=servers.full_port(), web_port=servers.full_port())
    dialled = look_at_address(full, "127.0.0.1", Settings(timeout=10.0), trust, 1.2)
    assert shaken.tls is not None
    for failure in (seen.answers[0].failure, shaken.tls.failure, dialled.connect, dialled.plain_connect):
        assert failure is not None
        assert failure.trouble is Trouble.LOCAL
        assert failure.detail.endswith("of its 10 s were left: see --timeout")


@pytest.mark.slow
@pytest.mark.parametrize("script", [say.endless_body, say.endless_header])
def test_sixty_four_endless_answers_at_once_cost_little_memory(servers: Servers, pki: Pki, script: say.Script) -> None:
    endpoint, _, _ = edge(servers, pki, lambda _: script)
    words = [sys.executable, "-c", ENDLESS_AT_ONCE, pki.ca_file, str(endpoint.port), str(endpoint.web_port)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    trouble, megabytes = ran.stdout.split()
    assert trouble == "too-large"
    assert int(megabytes) < 150
