"""The answer over https: alive, or which of the two that look alike in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.core.finding import Outcome, Severity
from edgegen.endpoints import Endpoint, Goal, Kind
from edgegen.verify.checks.http_answer import CHECK
from edgegen.verify.observation import Phase, Response, Trouble
from tests.verify.checks.making import (
    HOST,
    OTHER_ADDRESS,
    TRAEFIK_404,
    UNREACHED,
    address_seen,
    broken,
    certificate,
    endpoint,
    failure,
    judged,
    observation,
    redirect,
    registry_seen,
    response,
    stranger,
    traefik_404,
    untrusted,
    verdicts,
    words,
)

URL = f"https://{HOST}/"


def cut(phase: Phase = Phase.BODY, **headers: str) -> Response:
    """More came than is read."""
    return response(headers=headers, failure=failure(Trouble.TOO_LARGE, phase, "more than 8192 KiB"), body=b"x" * 65536)


def bare(status: int, body: bytes, **headers: str) -> Response:
    """An answer with no other headers than these, as Traefik's own are."""
    return Response(URL, status, tuple(headers.items()), body)


OWN_500 = bare(500, b"Internal Server Error", date="Wed, 01 Jul 2026 12:00:00 GMT")
CAUGHT = [
    ("no answer", [broken(Trouble.TIMEOUT)], "timeout-http"),
    ("a body that drips", [replace(response(), failure=failure(Trouble.TIMEOUT, Phase.BODY))], "timeout-http"),
    ("a gigabyte of headers", [broken(Trouble.TOO_LARGE)], "response-too-large"),
    ("an endless body", [cut()], "response-too-large"),
    ("a gzip bomb", [cut(**{"content-encoding": "gzip", "content-length": "1048576"})], "response-too-large"),
    ("reset", [broken(Trouble.RESET)], "reset"),
    ("hung up", [broken(Trouble.CLOSED)], "reset"),
    ("a TLS alert afterwards", [broken(Trouble.ALERT)], "reset"),
    ("not HTTP", [broken(Trouble.MALFORMED)], "http-malformed"),
    ("502", [response(status=502)], "upstream-down"),
    ("503", [response(status=503, body=b"no available server\n")], "upstream-down"),
    ("504", [response(status=504)], "upstream-down"),
    ("500 of Traefik", [OWN_500], "upstream-down"),
    ("500 of Traefik behind HSTS", [replace(OWN_500, headers=(("strict-transport-security", "x"),))], "upstream-down"),
    ("Cloudflare can't reach it", [response(status=522, headers={"cf-ray": "1-FRA"})], "upstream-down"),
    ("Cloudflare does not trust it", [response(status=526, headers={"cf-ray": "1-FRA"})], "upstream-down"),
    ("no router", [traefik_404()], "no-router"),
    ("no router after a redirect", [redirect(URL, f"{URL}a"), traefik_404(f"{URL}a")], "no-router"),
    (
        "no router, through Cloudflare",
        [replace(traefik_404(), headers=(*traefik_404().headers, ("cf-ray", "1-FRA"), ("server", "cloudflare")))],
        "no-router",
    ),
    ("misdirected", [response(status=421)], "upstream-down"),
    *(
        (f"TLS behind the edge: {name}", [response(status=400, body=page)], "tls-behind-edge")
        for name, page in {
            "Go": b"Client sent an HTTP request to an HTTPS server.\n",
            "nginx": b"<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>",
            "Apache": b"<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
            "Tomcat": b"Bad Request\nThis combination of host and port requires TLS.\n",
        }.items()
    ),
    ("to plain HTTP", [redirect(URL, f"http://{HOST}/a")], "https-downgrade"),
    ("to plain HTTP and back", [redirect(URL, f"http://{HOST}/a"), response(f"http://{HOST}/a")], "https-downgrade"),
    ("to plain HTTP later", [redirect(URL, "/a"), redirect(f"{URL}a", f"http://{HOST}/b")], "https-downgrade"),
]
FINE = [
    ("400", [response(status=400, body=b"Bad Request")]),
    ("a page about it", [response(body=b"Client sent an HTTP request to an HTTPS server.")]),
    ("200", [response()]),
    ("204", [response(status=204)]),
    ("401", [response(status=401)]),
    ("403", [response(status=403)]),
    ("404 of an app", [response(status=404, body=b"<h1>Not found</h1>")]),
    ("404 of an app in Traefik's words", [response(status=404, body=TRAEFIK_404)]),
    (
        "404 of Go behind HSTS",
        [replace(traefik_404(), headers=(*traefik_404().headers, ("strict-transport-security", "x")))],
    ),
    ("404 of Go with a cookie", [replace(traefik_404(), headers=(*traefik_404().headers, ("set-cookie", "a=b")))]),
    ("404 in other words", [replace(traefik_404(), body=b"404 page not found")]),
    ("429", [response(status=429)]),
    ("a large page that says its length", [cut(**{"content-length": "1000000000"})]),
    ("a large page that is packed as it is", [cut(**{"content-length": "100000", "content-encoding": "identity"})]),
    ("a large page in pieces", [response(body=b"x" * 65536, headers={"transfer-encoding": "chunked"})]),
    ("packed, but small", [response(headers={"content-encoding": "gzip"}, body=b"x" * 100)]),
    ("redirected", [redirect(URL, "/login"), response(f"{URL}login")]),
    ("redirected to another host", [redirect(URL, "https://login.example.net/")]),
    ("redirected to another host in plain HTTP", [redirect(URL, "http://login.example.net/")]),
    ("redirected to an app", [redirect(URL, "myapp://callback")]),
    ("redirected without a scheme", [redirect(URL, "//login.example.net/")]),
    ("304", [response(status=304)]),
    ("redirected to nonsense", [redirect(URL, "https://[")]),
    ("500 is no 52x without Cloudflare", [response(status=499)]),
]


@pytest.mark.parametrize(("found", "word"), [row[1:] for row in CAUGHT], ids=[row[0] for row in CAUGHT])
def test_caught(found: list[Response], word: str) -> None:
    assert verdicts(CHECK, observation(answers=tuple(found))) == [(word, "high")]


@pytest.mark.parametrize("found", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_fine(found: list[Response]) -> None:
    assert words(CHECK, observation(answers=tuple(found))) == ["ok"]


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    assert words(CHECK, seen) == ["not-seen"]


def test_nothing_was_asked() -> None:
    assert words(CHECK, observation(answers=())) == ["not-seen"]
    assert words(CHECK, observation(answers=(broken(Trouble.LOCAL),))) == ["not-seen"]


EMPTY_500 = replace(response(status=500, body=b""), headers=(("content-length", "0"),))


@pytest.mark.parametrize(
    ("asks_first", "answer", "expected"),
    [
        ("authelia:9091", EMPTY_500, [("upstream-down", "high")]),
        ("", EMPTY_500, [("server-error", "low")]),
        ("authelia:9091", replace(EMPTY_500, headers=(("content-type", "text/html"),)), [("server-error", "low")]),
        ("authelia:9091", replace(EMPTY_500, body=b"oops"), [("server-error", "low")]),
        ("authelia:9091", replace(EMPTY_500, status=501), [("server-error", "low")]),
    ],
    ids=["the login is down", "no login", "an empty page of PHP", "an error of the app", "another error"],
)
def test_a_login_that_does_not_answer(asks_first: str, answer: Response, expected: list[tuple[str, str]]) -> None:
    seen = observation(endpoint=endpoint(asks_first=asks_first), answers=(answer,))
    assert verdicts(CHECK, seen) == expected


@pytest.mark.parametrize("kind", [Kind.TLS, Kind.TCP])
def test_what_speaks_no_http(kind: Kind) -> None:
    assert words(CHECK, observation(endpoint=endpoint(kind=kind, web_port=None))) == []


@pytest.mark.parametrize("status", [500, 501, 505, 507, 511, 521])
def test_errors_of_the_service_are_a_remark(status: int) -> None:
    assert verdicts(CHECK, observation(answers=(response(status=status),))) == [("server-error", "low")]
    flask = bare(500, b"Internal Server Error", **{"content-type": "text/plain; charset=utf-8"})
    assert words(CHECK, observation(answers=(flask,))) == ["server-error"]


def test_a_loop_names_its_way() -> None:
    way = tuple(redirect(f"{URL}{index}", f"/{index + 1}") for index in range(3))
    (finding,) = judged(CHECK, observation(answers=way, loop=True))
    assert (finding.verdict, finding.severity.value) == ("redirect-loop", "high")
    assert finding.message.endswith(f"{URL}0 -> {URL}1 -> {URL}2 -> /3")
    assert "Cloudflare" not in finding.hint


def test_a_loop_behind_cloudflare_is_its_mode() -> None:
    itself = redirect(URL, URL, headers={"cf-ray": "8a1b-FRA"})
    (finding,) = judged(CHECK, observation(answers=(itself,), loop=True))
    assert "Full (strict)" in finding.hint
    down = redirect(URL, f"http://{HOST}/"), redirect(f"http://{HOST}/", URL)
    assert words(CHECK, observation(answers=down, loop=True)) == ["redirect-loop"]


def test_a_loop_over_an_alias_names_it() -> None:
    """A service that calls itself by a name that the spec redirects to its host."""
    known = endpoint(redirects={f"www.{HOST}": Goal(f"https://{HOST}")})
    (finding,) = judged(CHECK, observation(endpoint=known, answers=(redirect(URL, f"https://www.{HOST}/"),), loop=True))
    assert finding.message == f"the redirects form a loop: {URL} -> https://www.{HOST}/"
    assert f"`www.{HOST}`" in finding.hint
    assert f"its public URL is https://{HOST}," in finding.hint
    (other,) = judged(CHECK, observation(endpoint=known, answers=(redirect(URL, URL),), loop=True))
    assert f"www.{HOST}" not in other.hint


def test_hints_lead_to_different_places() -> None:
    (lost,) = judged(CHECK, observation(answers=(traefik_404(),)))
    (down,) = judged(CHECK, observation(answers=(response(status=502),)))
    (origin,) = judged(CHECK, observation(answers=(response(status=526, headers={"cf-ray": "1"}),)))
    assert len({lost.hint, down.hint, origin.hint}) == 3
    assert "label" in lost.hint
    assert "--connect-to" in origin.hint


def test_a_registry_is_judged_by_v2_as_well() -> None:
    hub = endpoint(kind=Kind.REGISTRY)
    assert words(CHECK, observation(endpoint=hub)) == ["ok"]
    down = registry_seen(anonymous=response(f"{URL}v2/", 502))
    assert words(CHECK, observation(endpoint=hub, registry=down)) == ["upstream-down"]
    # Whether there is a page at `/` is no matter of a registry; some answer there in Traefik's words.
    assert words(CHECK, observation(endpoint=hub, answers=(traefik_404(),))) == ["ok"]
    neither = observation(
        endpoint=hub, answers=(traefik_404(),), registry=registry_seen(anonymous=traefik_404(f"{URL}v2/"))
    )
    assert words(CHECK, neither) == ["no-router"]
    both = observation(endpoint=hub, answers=(response(status=502),), registry=down)
    assert words(CHECK, both) == ["upstream-down"]


def test_it_is_judged_although_nobody_trusts_the_certificate() -> None:
    assert words(CHECK, observation(tls=untrusted(10), answers=(response(status=502),))) == ["upstream-down"]


@pytest.mark.parametrize("wanted", [stranger(), endpoint(hsts=False)], ids=["stranger", "without HSTS"])
def test_who_says_404_is_not_always_sure(wanted: Endpoint) -> None:
    """A service in Go has the same words. Where Traefik shows its default certificate, it is Traefik."""
    (found,) = judged(CHECK, observation(endpoint=wanted, answers=(traefik_404(),)))
    assert (found.verdict, found.outcome, found.severity) == ("no-router", Outcome.FAIL, Severity.MEDIUM)
    assert "in Go" in found.message
    assert ("edgegen explain" in found.hint) is wanted.has_spec
    default = certificate("TRAEFIK DEFAULT CERT", self_signed=True)
    shown = untrusted(18, chain=(default,))
    assert words(CHECK, observation(endpoint=wanted, tls=shown, answers=(traefik_404(),))) == ["no-router"]


@pytest.mark.parametrize("location", ["", "  "])
def test_a_redirect_to_nowhere(location: str) -> None:
    for way in ([redirect(URL, location)], [redirect(URL, "/a"), redirect(f"{URL}a", location)]):
        assert verdicts(CHECK, observation(answers=tuple(way))) == [("redirect-nowhere", "medium")]


HTML_ERROR = b"""<!DOCTYPE html><h1><span data-translate="error">Error</span>
 <span>1014</span></h1><h2>CNAME Cross-User Banned</h2>"""


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (403, b"error code: 1014", "403 (error 1014): the CNAME leads to a zone of another Cloudflare account"),
        (403, HTML_ERROR, "403 (error 1014): the CNAME leads"),
        (403, b"error code: 1000\n", "403 (error 1000): the record leads to an address of Cloudflare itself"),
        (409, b"error code: 1001", "409 (error 1001): the name does not resolve"),
        (530, b"error code: 1033", "530 (error 1033): the tunnel"),
        (530, b"error code: 1", "530: the origin can't be found"),
    ],
)
def test_errors_of_cloudflare_for_everybody(status: int, body: bytes, message: str) -> None:
    (finding,) = judged(CHECK, observation(answers=(response(status=status, body=body, headers={"cf-ray": "1-FRA"}),)))
    assert (finding.verdict, finding.severity) == ("upstream-down", Severity.HIGH)
    assert finding.message.startswith(f"Cloudflare answers {message}")
    # Without Cloudflare in front of it, these are the words of somebody's service.
    if status < 500:
        assert words(CHECK, observation(answers=(response(status=status, body=body),))) == ["ok"]


def test_who_wants_a_certificate_of_its_clients_may_be_well() -> None:
    asks = broken(Trouble.ALERT)
    assert asks.failure is not None
    asks = replace(asks, failure=replace(asks.failure, detail="it asks its clients for a certificate"))
    (finding,) = judged(CHECK, observation(answers=(asks,)))
    assert (finding.verdict, finding.outcome) == ("client-certificate", Outcome.UNKNOWN)
    assert "clientAuth" in finding.hint


def test_a_challenge_of_cloudflare_says_nothing_of_the_service() -> None:
    """Bot protection stands before a service that may be down."""
    asked = response(status=403, headers={"cf-ray": "1-FRA", "cf-mitigated": "challenge"})
    (finding,) = judged(CHECK, observation(answers=(asked,)))
    assert (finding.outcome, finding.verdict) == (Outcome.UNKNOWN, "not-seen")
    assert "--connect-to" in finding.message
    under_attack = replace(asked, status=503)
    assert words(CHECK, observation(answers=(under_attack,))) == ["not-seen"]
    no_proxy = response(status=403, headers={"cf-mitigated": "challenge"})
    assert words(CHECK, observation(answers=(no_proxy,))) == ["ok"]


@pytest.mark.parametrize(
    "body", [b"error code: 1020", b"error code: 1015", b"error code: 10140", b"no error code: 1014"]
)
def test_errors_of_cloudflare_for_this_machine(body: bytes) -> None:
    """A firewall's rule or a limit of requests: others may get in."""
    seen = response(status=403, body=body, headers={"cf-ray": "1-FRA"})
    assert words(CHECK, observation(answers=(seen,))) == ["ok"]


PUBLIC, PRIVATE, LOOPBACK = "157.245.51.137", "192.168.1.5", "127.0.0.1"
NOWHERE = [
    # where it leads, and from where people may get there all the same
    ("http://localhost:3000/login", (LOOPBACK,)),
    ("https://localhost/", (LOOPBACK,)),
    ("http://app.localhost/", (LOOPBACK,)),
    ("http://127.0.0.1:8080/", (LOOPBACK,)),
    ("https://[::1]/", (LOOPBACK,)),
    ("http://web:3000/", (PRIVATE, LOOPBACK)),
    ("//login", (PRIVATE, LOOPBACK)),
    ("\\\\login\\x", (PRIVATE, LOOPBACK)),
    ("https://10.0.0.5/", (PRIVATE, LOOPBACK)),
    ("http://192.168.1.9:3000/a?b", (PRIVATE, LOOPBACK)),
    ("http://[fd00::1]/", (PRIVATE, LOOPBACK)),
]


@pytest.mark.parametrize(("location", "reached_from"), NOWHERE, ids=[row[0] for row in NOWHERE])
@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", PRIVATE, LOOPBACK])
def test_a_redirect_to_where_nobody_gets(location: str, reached_from: tuple[str, ...], address: str) -> None:
    """As of a service that does not know its public name."""
    for way in ([redirect(URL, location)], [redirect(URL, "/a"), redirect(f"{URL}a", location)]):
        found = verdicts(CHECK, observation(address_seen(address, answers=tuple(way))))
        assert found == ([("ok", "info")] if address in reached_from else [("redirect-nowhere", "high")])


@pytest.mark.parametrize(
    "location", ["https://other.example.net/", "http://8.8.8.8/", "https://[2606:4700::1111]/", "//cdn.example.net/a"]
)
def test_a_redirect_to_another_public_place(location: str) -> None:
    assert words(CHECK, observation(address_seen(PUBLIC, answers=(redirect(URL, location),)))) == ["ok"]


def test_where_a_redirect_of_the_spec_leads_is_said_once() -> None:
    wanted = endpoint(kind=Kind.REDIRECT, goal=Goal("http://nas"))
    seen = address_seen(PUBLIC, answers=(redirect(URL, "http://nas/"),))
    assert words(CHECK, observation(seen, endpoint=wanted)) == ["ok"]


def test_a_redirect_to_a_port_of_the_host_that_is_closed() -> None:
    own = redirect(URL, f"https://{HOST}:3000/login")
    assert words(CHECK, observation(answers=(own,))) == ["ok"]
    refused = failure(Trouble.REFUSED, detail="Connection refused")
    (finding,) = judged(CHECK, observation(answers=(own,), beyond=refused))
    assert (finding.verdict, finding.severity) == ("redirect-nowhere", Severity.HIGH)
    assert finding.message == (f"{URL} redirects to https://{HOST}:3000/login, where nobody gets: connection refused")
    assert words(CHECK, observation(answers=(own,), beyond=failure(Trouble.LOCAL))) == ["ok"]


def test_a_registry_with_an_error_of_its_own_is_of_no_use() -> None:
    broke = registry_seen(anonymous=response(f"{URL}v2/", 500, body=b'{"errors":[{"code":"UNKNOWN"}]}'))
    seen = observation(endpoint=endpoint(kind=Kind.REGISTRY), registry=broke)
    assert verdicts(CHECK, seen) == [("server-error", "high")]


def test_one_address_is_down() -> None:
    other = address_seen(OTHER_ADDRESS, answers=(response(status=502),))
    (finding,) = judged(CHECK, observation(address_seen(), other))
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")


def test_it_says_what_was_seen() -> None:
    def message(answer: Response) -> str:
        return judged(CHECK, observation(answers=(answer,)))[0].message

    dripping = replace(response(body=b"abc", size=3), failure=failure(Trouble.TIMEOUT, Phase.BODY, seconds=10.0))
    assert message(dripping) == "it answers 200 and 3 bytes of a body, then nothing more within 10 s"
    silent = Response(URL, failure=failure(Trouble.TIMEOUT, Phase.HEADER, seconds=9.98))
    assert message(silent) == "the TLS handshake is good, and then: no answer within 9.98 s"
    assert message(cut()) == "the answer does not end (more data than is read: more than 8192 KiB)"
    assert message(response(status=401)) == "answers 401"
    assert message(redirect(URL, "https://a.example/")) == "answers 301, to https://a.example/"


def test_words_of_others_command_no_terminal() -> None:
    found = judged(CHECK, observation(answers=(redirect(URL, "https://a.example/\x1b[31m" + "x" * 9000),)))
    assert all("\x1b" not in finding.message and len(finding.message) < 300 for finding in found)
    assert found[0].outcome is Outcome.PASS
