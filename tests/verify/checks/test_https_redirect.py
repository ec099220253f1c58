"""The redirect to https: where it must lead, and every way in which it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgegen.endpoints import Goal, Kind
from edgegen.verify.checks.destinations import Destination, Unusable, destination, parse
from edgegen.verify.checks.https_redirect import CHECK
from edgegen.verify.observation import Phase, Response, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    HOST,
    OTHER_ADDRESS,
    address_seen,
    broken,
    dead,
    endpoint,
    failure,
    judged,
    observation,
    plain,
    response,
    stranger,
    traefik_404,
    verdicts,
    without_tls,
    words,
)

URL = f"http://{HOST}/edgegen-probe?edgegen=1"
GOOD = f"https://{HOST}/edgegen-probe?edgegen=1"


def leads(location: str, status: int = 301) -> Response:
    return plain(location, status)


CAUGHT = [
    ("a page", response(URL), ["redirect-missing"]),
    ("a password is asked for", response(URL, 401), ["redirect-missing"]),
    ("a page that is not there", response(URL, 404), ["redirect-missing"]),
    ("Traefik's own 404", traefik_404(URL), ["redirect-missing"]),
    ("another kind of 3xx", response(URL, 304), ["redirect-missing"]),
    ("down", response(URL, 502), ["redirect-missing"]),
    ("another host", leads("https://www.example.net/edgegen-probe?edgegen=1"), ["redirect-wrong-host"]),
    ("a host below", leads(f"https://a.{HOST}/edgegen-probe?edgegen=1"), ["redirect-wrong-host"]),
    ("a host above", leads("https://example.com/edgegen-probe?edgegen=1"), ["redirect-wrong-host"]),
    (
        "a host that begins like it",
        leads(f"https://{HOST}.evil.example/edgegen-probe?edgegen=1"),
        ["redirect-wrong-host"],
    ),
    ("itself", leads(URL), ["redirect-downgrade"]),
    ("another port in plain HTTP", leads(f"http://{HOST}:8080/"), ["redirect-downgrade"]),
    ("another path in plain HTTP", leads("/login"), ["redirect-downgrade"]),
    ("another path in plain HTTP, without a slash", leads("login"), ["redirect-downgrade"]),
    ("no path", leads(f"https://{HOST}"), ["redirect-loses-path"]),
    ("no path but a slash", leads(f"https://{HOST}/?edgegen=1"), ["redirect-loses-path"]),
    ("another path", leads(f"https://{HOST}/login?edgegen=1"), ["redirect-loses-path"]),
    ("no query", leads(f"https://{HOST}/edgegen-probe"), ["redirect-loses-path"]),
    ("another query", leads(f"https://{HOST}/edgegen-probe?edgegen=2"), ["redirect-loses-path"]),
    ("port 8443", leads(f"https://{HOST}:8443/edgegen-probe?edgegen=1"), ["redirect-wrong-port"]),
    ("port 8443 without the path", leads(f"https://{HOST}:8443/"), ["redirect-wrong-port", "redirect-loses-path"]),
    ("nowhere", leads(""), ["redirect-invalid"]),
    ("//evil", leads("//evil.example/edgegen-probe?edgegen=1"), ["redirect-wrong-host"]),
    (r"\\evil", leads(r"\\evil.example/"), ["redirect-wrong-host"]),
    (r"/\evil", leads(r"/\evil.example/"), ["redirect-wrong-host"]),
    ("javascript:", leads("javascript:alert(1)"), ["redirect-invalid"]),
    ("data:", leads("data:text/html,x"), ["redirect-invalid"]),
    ("ftp:", leads(f"ftp://{HOST}/"), ["redirect-invalid"]),
    ("an address", leads("https://192.0.2.10/edgegen-probe?edgegen=1"), ["redirect-wrong-host"]),
    ("an address in plain HTTP", leads("http://192.0.2.10/edgegen-probe?edgegen=1"), ["redirect-wrong-host"]),
    ("an IPv6 address", leads("https://[2001:db8::1]/"), ["redirect-wrong-host"]),
    ("a user name before another host", leads(f"https://{HOST}@evil.example/"), ["redirect-invalid"]),
    ("a user name", leads(f"https://a:b@{HOST}/edgegen-probe?edgegen=1"), ["redirect-invalid"]),
    ("a broken bracket", leads("https://[::1"), ["redirect-invalid"]),
    ("a port that is none", leads(f"https://{HOST}:99999/"), ["redirect-invalid"]),
    ("a port in words", leads(f"https://{HOST}:https/"), ["redirect-invalid"]),
    ("no host", leads("https:///edgegen-probe"), ["redirect-invalid"]),
    ("a name of spaces", leads("https://a b/"), ["redirect-invalid"]),
    ("302", leads(GOOD, 302), ["redirect-temporary"]),
    ("307", leads(GOOD, 307), ["redirect-temporary"]),
    ("303", leads(GOOD, 303), ["redirect-temporary"]),
    ("302 to elsewhere", leads("https://a.example/", 302), ["redirect-wrong-host", "redirect-temporary"]),
    ("302 to nowhere", leads("", 302), ["redirect-invalid", "redirect-temporary"]),
    ("silence", broken(Trouble.TIMEOUT, url=URL), ["web-port-silent"]),
    ("reset", broken(Trouble.RESET, url=URL), ["web-port-silent"]),
    ("hung up", broken(Trouble.CLOSED, url=URL), ["web-port-silent"]),
    ("not HTTP", broken(Trouble.MALFORMED, url=URL), ["web-port-silent"]),
    ("headers without an end", broken(Trouble.TOO_LARGE, url=URL), ["web-port-silent"]),
]
SEVERITIES = {
    "redirect-loses-path": "medium",
    "redirect-temporary": "low",
    "web-port-silent": "medium",
}
FINE = [
    ("301", leads(GOOD)),
    ("308", leads(GOOD, 308)),
    ("the port named", leads(f"https://{HOST}:443/edgegen-probe?edgegen=1")),
    ("capitals", leads(f"HTTPS://{HOST.upper()}/edgegen-probe?edgegen=1")),
    ("a dot at the end", leads(f"https://{HOST}./edgegen-probe?edgegen=1")),
    ("a slash at the end", leads(f"https://{HOST}/edgegen-probe/?edgegen=1")),
    ("escaped", leads(f"https://{HOST}/edgegen%2Dprobe?edgegen=1")),
    ("spaces around", leads(f" {GOOD} ")),
    ("a fragment", leads(f"{GOOD}#top")),
    ("a language before the path", leads(f"https://{HOST}/en/edgegen-probe?edgegen=1")),
    ("more in the query", leads(f"{GOOD}&from=http")),
    ("a body that is cut", replace(leads(GOOD), failure=failure(Trouble.CLOSED, Phase.BODY))),
]


@pytest.mark.parametrize(("answer", "expected"), [row[1:] for row in CAUGHT], ids=[row[0] for row in CAUGHT])
def test_caught(answer: Response, expected: list[str]) -> None:
    assert verdicts(CHECK, observation(plain=(answer,))) == [(word, SEVERITIES.get(word, "high")) for word in expected]


@pytest.mark.parametrize("answer", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_fine(answer: Response) -> None:
    assert words(CHECK, observation(plain=(answer,))) == ["ok"]


@pytest.mark.parametrize(
    "body",
    [
        b"Client sent an HTTP request to an HTTPS server.\n",
        b"<center>The plain HTTP request was sent to HTTPS port</center>",
        b"You're speaking plain HTTP to an SSL-enabled server port.<br />",
    ],
)
def test_tls_on_the_web_port(body: bytes) -> None:
    """In the words of Go, nginx and Apache."""
    (finding,) = judged(CHECK, observation(plain=(response(URL, 400, body=body),)))
    assert (finding.verdict, finding.severity.value) == ("redirect-missing", "high")
    assert "port 80 speaks TLS" in finding.message
    assert "redirections" not in finding.hint


def test_where_nobody_looks_there_is_nothing_to_say() -> None:
    assert words(CHECK, observation(endpoint=endpoint(web_port=None))) == []
    assert words(CHECK, observation(endpoint=endpoint(kind=Kind.TLS))) == []


def test_not_seen() -> None:
    assert words(CHECK, observation(plain=())) == ["not-seen"]
    assert words(CHECK, observation(address_seen(not_public=True))) == ["not-seen"]
    assert words(CHECK, observation(plain=(broken(Trouble.LOCAL, url=URL),))) == ["not-seen"]


@pytest.mark.parametrize("trouble", [Trouble.REFUSED, Trouble.TIMEOUT, Trouble.UNREACHABLE, Trouble.RESET])
def test_a_closed_port_is_a_remark_and_more_where_certificates_need_it(trouble: Trouble) -> None:
    closed = {"plain": (), "plain_connect": failure(trouble)}
    for challenge, severity in (("http", "medium"), ("tls", "low"), ("dns", "low"), ("", "low")):
        seen = observation(endpoint=endpoint(challenge=challenge), **closed)
        assert verdicts(CHECK, seen) == [("web-port-closed", severity)]
        assert ("HTTP-01" in judged(CHECK, seen)[0].message) == (challenge == "http")


def test_a_dead_address_has_its_finding_elsewhere() -> None:
    assert words(CHECK, observation(dead(ADDRESS))) == ["not-seen"]
    assert words(CHECK, observation(plain=(), plain_connect=failure(Trouble.NO_FAMILY))) == ["not-seen"]


def test_it_is_judged_although_https_is_dead() -> None:
    assert words(CHECK, observation(tls=without_tls())) == ["ok"]
    only_plain = replace(dead(ADDRESS), plain_connect=None, plain=(response(URL),))
    assert words(CHECK, observation(only_plain)) == ["redirect-missing"]


def test_one_service_that_is_down_is_one_fault() -> None:
    """Cloudflare, or a balancer, answers on both ports that it can't reach what is behind it."""
    for status in (502, 522):
        https = response(status=status, headers={"cf-ray": "1-FRA"})
        assert words(CHECK, observation(answers=(https,), plain=(response(URL, status),))) == ["not-seen"]
    assert words(CHECK, observation(answers=(broken(Trouble.TIMEOUT),), plain=(response(URL, 504),))) == ["not-seen"]
    assert words(CHECK, observation(answers=(response(status=502),), plain=(response(URL),))) == ["redirect-missing"]


@pytest.mark.parametrize("status", [400, 403, 405, 410, 421, 426, 451])
def test_hosts_without_a_spec_may_refuse_plain_http(status: int) -> None:
    refused = (response(URL, status),)
    assert verdicts(CHECK, observation(endpoint=stranger(), plain=refused)) == [("redirect-missing", "low")]
    assert verdicts(CHECK, observation(plain=refused)) == [("redirect-missing", "high")]


@pytest.mark.parametrize("status", [200, 401, 404])
def test_no_refusal(status: int) -> None:
    """A page, a password in the open, or a path that is not there: `/` may be served."""
    seen = observation(endpoint=stranger(), plain=(response(URL, status),))
    assert verdicts(CHECK, seen) == [("redirect-missing", "high")]


def test_hosts_without_a_spec_may_lead_elsewhere() -> None:
    seen = observation(endpoint=stranger("example.com"), plain=(plain(GOOD, host="example.com"),))
    assert verdicts(CHECK, seen) == [("redirect-wrong-host", "low")]


def test_other_ports() -> None:
    other = endpoint(port=8443, web_port=8080)
    asked = f"http://{HOST}:8080/edgegen-probe?edgegen=1"
    right = plain(f"https://{HOST}:8443/edgegen-probe?edgegen=1", url=asked)
    assert words(CHECK, observation(endpoint=other, plain=(right,))) == ["ok"]
    (finding,) = judged(CHECK, observation(endpoint=other, plain=(plain(GOOD, url=asked),)))
    assert finding.verdict == "redirect-wrong-port"
    assert "port 443 instead of 8443" in finding.message
    assert "entrypoint.to=:8443" in finding.hint


def test_an_address_that_was_asked_for_by_itself() -> None:
    host = "192.0.2.10"
    seen = observation(endpoint=stranger(host), plain=(plain(host=host),))
    assert words(CHECK, seen) == ["ok"]


@pytest.mark.parametrize(
    ("goal", "location", "status", "expected"),
    [
        (Goal("https://new.example"), "https://new.example/edgegen-probe?edgegen=1", 301, ["ok"]),
        (Goal("https://new.example"), GOOD, 301, ["ok"]),
        (Goal("https://new.example/a/"), "https://new.example/a/edgegen-probe?edgegen=1", 308, ["ok"]),
        (Goal("https://new.example", keep_path=False), "https://new.example/", 301, ["ok"]),
        (Goal("http://new.example", keep_path=False), "http://new.example", 301, ["ok"]),
        (Goal("https://new.example:8443", keep_path=False), "https://new.example:8443/", 301, ["ok"]),
        (Goal("https://new.example", permanent=False), "https://new.example/edgegen-probe?edgegen=1", 302, ["ok"]),
        (Goal("https://new.example", permanent=False), GOOD, 302, ["redirect-temporary"]),
        (Goal("https://new.example"), "https://new.example/", 301, ["redirect-wrong-host"]),
        (Goal("https://new.example", keep_path=False), "https://new.example/a", 301, ["redirect-wrong-host"]),
        (Goal("https://new.example"), "https://other.example/edgegen-probe?edgegen=1", 301, ["redirect-wrong-host"]),
        (Goal("nonsense"), GOOD, 301, ["ok"]),
    ],
)
def test_names_that_only_point_elsewhere(goal: Goal, location: str, status: int, expected: list[str]) -> None:
    wanted = endpoint(kind=Kind.REDIRECT, goal=goal)
    assert words(CHECK, observation(endpoint=wanted, plain=(leads(location, status),))) == expected


def test_hints_say_where_it_is_set() -> None:
    (finding,) = judged(CHECK, observation(plain=(traefik_404(URL),)))
    assert ".to=websecure" in finding.hint
    assert "no router and no redirection" in finding.message
    (finding,) = judged(CHECK, observation(plain=(response(URL),), endpoint=endpoint(proxied=True)))
    assert "Always Use HTTPS" in finding.hint
    (finding,) = judged(CHECK, observation(plain=(leads("javascript:alert(1)"),)))
    assert finding.message == "plain HTTP answers 301, but `javascript:alert(1)` is not an http or https URL"


def test_one_address_of_two() -> None:
    seen = observation(address_seen(), address_seen(OTHER_ADDRESS, plain=(response(URL),)))
    (finding,) = judged(CHECK, seen)
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")


urls = st.text() | st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "http:", "//", "/", "\\\\", "https://[", "x:", "?", "#"]),
    st.text(),
    st.text(),
)


@given(urls)
def test_any_location_is_judged(location: str) -> None:
    answer = leads(location)
    found = destination(answer)
    assert isinstance(found, Destination | Unusable)
    if isinstance(found, Destination):
        assert found.scheme in ("http", "https")
        assert found.host
        assert found.path.startswith("/")
        assert 0 <= found.port < 65536
    assert words(CHECK, observation(plain=(answer,)))
    assert isinstance(parse(location), Destination | Unusable)


@given(st.text(max_size=300))
def test_no_location_commands_a_terminal(location: str) -> None:
    for finding in judged(CHECK, observation(plain=(leads(location),))):
        assert finding.message.isprintable()
        assert len(finding.message) < 400
