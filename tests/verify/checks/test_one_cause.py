"""All checks together: a healthy endpoint has no fault at all, and one cause has one failing verdict."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.core.finding import Finding, Outcome
from edgegen.endpoints import Endpoint, Goal, Kind
from edgegen.lookup import Reply, Server, Status
from edgegen.verify.checks import CHECKS
from edgegen.verify.observation import NamesSeen, Observation, Response, TlsSeen, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    HOST,
    HSTS,
    NOW,
    OTHER_ADDRESS,
    address_seen,
    broken,
    certificate,
    context,
    days,
    dead,
    endpoint,
    failure,
    intermediate,
    names,
    observation,
    plain,
    redirect,
    registry_seen,
    reply,
    response,
    stranger,
    tls,
    traefik_404,
    untrusted,
    without_tls,
)

V6 = "2001:db8::10"
V2 = f"https://{HOST}/v2/"


def go_404(hsts: str = "") -> Response:
    """What `http.NotFound` of Go sends; behind edgegen's routers with HSTS."""
    found = traefik_404()
    return replace(found, headers=(*found.headers, ("strict-transport-security", hsts))) if hsts else found


def alias(target: str) -> dict[str, Any]:
    """Both families by way of a CNAME, at the resolver and at an authority that knows the CNAME alone."""
    resolved = {4: reply(ADDRESS, cnames=(target,)), 6: reply(status=Status.NODATA, cnames=(target,))}
    authority = Reply(Server("192.0.2.54", name="ns1.example.com"), Status.NODATA, ttl=300, cnames=(target,))
    return {"resolved": resolved, "authorities": ((4, authority), (6, authority))}


def told(here: str, *there: str) -> NamesSeen:
    """A of the resolver, and of each name server."""
    nothing = reply(status=Status.NODATA)
    servers = [Server(f"192.0.2.{60 + index}", name=f"ns{index}.example.com") for index in range(len(there))]
    fours = [(4, Reply(server, Status.ANSWER, (value,), 300)) for server, value in zip(servers, there, strict=True)]
    return NamesSeen({4: reply(here), 6: nothing}, (*fours, *((6, Reply(server, Status.NODATA)) for server in servers)))


TOKENS = registry_seen(anonymous=response(V2, 401, headers={"www-authenticate": 'Bearer realm="https://a.example/t"'}))
HEALTHY: dict[str, Observation] = {
    "a web service": observation(),
    "a host without a spec": observation(endpoint=stranger()),
    "a registry": observation(endpoint=endpoint(kind=Kind.REGISTRY)),
    "a redirect": observation(endpoint=endpoint(kind=Kind.REDIRECT, goal=Goal("https://new.example"))),
    "a redirect for now": observation(
        endpoint=endpoint(kind=Kind.REDIRECT, goal=Goal("https://new.example", permanent=False))
    ),
    "the dashboard": observation(endpoint=endpoint(kind=Kind.DASHBOARD)),
    "TLS alone": observation(endpoint=endpoint(kind=Kind.TLS, port=5432, web_port=None, hsts=None)),
    "passed through": observation(
        endpoint=endpoint(kind=Kind.TCP, port=5432, web_port=None, hsts=None, ca="", challenge="")
    ),
    "two addresses": observation(
        address_seen(), address_seen(OTHER_ADDRESS), endpoint=endpoint(ipv4=(ADDRESS, OTHER_ADDRESS))
    ),
    "both families": observation(address_seen(), address_seen(V6), endpoint=endpoint(ipv6=(V6,))),
    **{
        f"an app that answers {status}": observation(answers=(response(status=status),))
        for status in (401, 403, 404, 405)
    },
    "a Go app without a page at /": observation(answers=(go_404(HSTS),)),
    "a login on the host": observation(answers=(redirect("https://www.example.com/", "/login", 302), response())),
    "a login elsewhere": observation(answers=(redirect("https://www.example.com/", "https://sso.example.net/", 302),)),
    "6 days": observation(tls=tls(leaf=certificate(not_before=NOW - days(3), not_after=NOW + days(3.6)))),
    "45 days": observation(tls=tls(leaf=certificate(not_before=NOW - days(20), not_after=NOW + days(25)))),
    "a wildcard": observation(
        endpoint=endpoint("edgegen-probe.example.com", subject="*.example.com"),
        tls=tls(leaf=certificate("*.example.com")),
    ),
    "a private authority": observation(
        endpoint=endpoint(ca="https://ca.example.net/dir"),
        tls=tls(leaf=certificate(issuer="CN=CA,O=Office", not_after=NOW + days(3000))),
    ),
    "staging, as the spec wants": observation(
        endpoint=endpoint(ca="letsencrypt-staging", hsts=False),
        tls=untrusted(20, leaf=certificate(issuer="CN=(STAGING) Yearning Yucca,O=(STAGING) Let's Encrypt")),
    ),
    "port 8443": observation(
        endpoint=endpoint(port=8443, web_port=8080),
        plain=(
            plain(
                "https://www.example.com:8443/edgegen-probe?edgegen=1",
                url="http://www.example.com:8080/edgegen-probe?edgegen=1",
            ),
        ),
    ),
    "an international name": observation(endpoint=endpoint("xn--bcher-kva.example")),
    "behind Cloudflare": observation(
        address_seen("104.16.1.1", tls=tls(leaf=certificate(issuer="CN=WE1,O=Google Trust Services"))),
        address_seen("104.16.2.2", tls=tls(leaf=certificate(issuer="CN=WE1,O=Google Trust Services"))),
        endpoint=endpoint(proxied=True, ipv4=None, ipv6=None),
    ),
    "a page of others by CNAME": observation(
        endpoint=endpoint(ipv4=None, ipv6=None, cname="me.pages.example"),
        names=names(cname=("me.pages.example",), **alias("me.pages.example")),
    ),
    "a registry of anybody with tokens": observation(endpoint=stranger(kind=Kind.REGISTRY), registry=TOKENS),
    "a registry that gives to everybody": observation(
        endpoint=endpoint(kind=Kind.REGISTRY, proxy_auth=True),
        registry=registry_seen(
            anonymous=response(
                V2, 401, headers={"www-authenticate": 'Basic realm="Registry"'}, body=b"401 Unauthorized\n"
            )
        ),
    ),
    "a registry without a page": observation(endpoint=endpoint(kind=Kind.REGISTRY), answers=(go_404(HSTS),)),
    "a cache": observation(endpoint=endpoint(kind=Kind.REGISTRY, writable=False)),
}
STAND_IN = certificate(
    "TRAEFIK DEFAULT CERT", issuer="CN=TRAEFIK DEFAULT CERT", names=("a.traefik.default",), self_signed=True
)
SELF_SIGNED = certificate(issuer=f"CN={HOST}", self_signed=True)
HUB = endpoint(kind=Kind.REGISTRY)
URL = f"https://{HOST}/"


RAY = {"cf-ray": "1-FRA"}


def beside(other: TlsSeen) -> Observation:
    """Two addresses; the second one has another certificate."""
    both = endpoint(ipv4=(ADDRESS, OTHER_ADDRESS))
    return observation(address_seen(), address_seen(OTHER_ADDRESS, tls=other), endpoint=both)


def hub(answer: Any) -> Observation:
    """A registry that gives one answer to everything."""
    return observation(
        endpoint=HUB,
        answers=(answer(URL),),
        registry=registry_seen(anonymous=answer(f"{URL}v2/"), wrong=None, right=None),
    )


BROKEN: dict[str, tuple[Observation, str]] = {
    "a token server of the spec": (
        observation(endpoint=endpoint(kind=Kind.REGISTRY), registry=TOKENS),
        "registry-token-server",
    ),
    "refused": (observation(dead(ADDRESS)), "refused"),
    "half of the addresses": (
        observation(address_seen(), dead(), endpoint=endpoint(ipv4=(ADDRESS, OTHER_ADDRESS))),
        "partial-outage",
    ),
    "silence in TLS": (observation(tls=without_tls(Trouble.TIMEOUT)), "timeout-tls"),
    "not TLS": (observation(tls=without_tls(Trouble.NOT_TLS)), "plain-http-on-tls-port"),
    "old TLS": (observation(tls=without_tls(Trouble.OLD_TLS)), "tls-too-old"),
    "Traefik's stand-in": (observation(tls=untrusted(18, chain=(STAND_IN,))), "traefik-default-cert"),
    "self-signed": (observation(tls=untrusted(18, chain=(SELF_SIGNED,))), "self-signed"),
    "expired": (observation(tls=untrusted(10, leaf=certificate(not_after=NOW - days(1)))), "cert-expired"),
    "other names": (observation(tls=untrusted(62, leaf=certificate("x.example.com"))), "name-mismatch"),
    "no intermediate": (
        observation(tls=untrusted(20, chain=(certificate(),), missing_issuer=intermediate())),
        "incomplete-chain",
    ),
    "somebody else's authority": (observation(tls=tls(leaf=certificate(issuer="CN=a,O=b"))), "wrong-issuer"),
    "too weak for clients": (
        observation(tls=untrusted(66, leaf=certificate(key="RSA 1024", key_bits=1024))),
        "tls-weak",
    ),
    "the service is down": (observation(answers=(response(status=502),)), "upstream-down"),
    "no router": (observation(answers=(traefik_404(),)), "no-router"),
    "the registry is down": (hub(lambda url: response(url, 502)), "upstream-down"),
    "no router for the registry": (hub(traefik_404), "no-router"),
    "a loop": (observation(answers=(redirect(URL, URL),), loop=True), "redirect-loop"),
    "no answer": (observation(answers=(broken(Trouble.TIMEOUT),), exposed=()), "timeout-http"),
    "no redirect": (observation(plain=(response(f"http://{HOST}/"),)), "redirect-missing"),
    "an address of the inside": (
        observation(address_seen("10.0.0.5", not_public=True), names=names("10.0.0.5")),
        "dns-wrong-address",
    ),
    "all name servers are wrong, the resolver is old": (
        observation(names=told(ADDRESS, "198.51.100.1", "198.51.100.1")),
        "dns-wrong-address",
    ),
    "the resolver alone is old": (observation(names=told("198.51.100.1", ADDRESS, ADDRESS)), "dns-inconsistent"),
    "one name server is behind": (observation(names=told(ADDRESS, ADDRESS, "198.51.100.1")), "dns-inconsistent"),
    "a registry that should not be proxied": (
        observation(
            address_seen("104.16.1.1", answers=(response(headers=RAY),), registry=registry_seen()),
            endpoint=HUB,
            names=names("104.16.1.1"),
        ),
        "unexpected-proxy",
    ),
    "the origin is down behind Cloudflare": (
        observation(
            address_seen(
                "104.16.1.1", answers=(response(status=522, headers=RAY),), plain=(response(f"http://{HOST}/", 522),)
            ),
            endpoint=endpoint(proxied=True, ipv4=None, ipv6=None),
        ),
        "upstream-down",
    ),
    "expired at one of two": (
        beside(untrusted(10, leaf=certificate(not_after=NOW - days(1), fingerprint="ef" * 32))),
        "cert-expired",
    ),
    "the stand-in at one of two": (
        beside(untrusted(18, chain=(replace(STAND_IN, fingerprint="ef" * 32),))),
        "traefik-default-cert",
    ),
    "somebody else's at one of two": (
        beside(tls(leaf=certificate(issuer="CN=a,O=b", fingerprint="ef" * 32))),
        "wrong-issuer",
    ),
    "a registry with an error of its own": (
        observation(endpoint=HUB, registry=registry_seen(anonymous=response(V2, 500), wrong=None, right=None)),
        "server-error",
    ),
    "everything of Traefik's is open": (
        observation(
            exposed=(
                response(f"{URL}api/rawdata", body=b'{"routers":{"x":1}'),
                response(f"{URL}dashboard/", body=b"<title>Traefik</title>"),
            )
        ),
        "dashboard-exposed",
    ),
    "port 80 is closed": (observation(plain=(), plain_connect=failure(Trouble.TIMEOUT)), "web-port-closed"),
}


def everything(seen: Observation) -> list[Finding]:
    return [finding for check in CHECKS for finding in check.judge(seen, context())]


@pytest.mark.parametrize("seen", HEALTHY.values(), ids=HEALTHY)
def test_what_is_healthy_has_no_fault(seen: Observation) -> None:
    assert [finding for finding in everything(seen) if finding.outcome is not Outcome.PASS] == []


@pytest.mark.parametrize(("seen", "word"), BROKEN.values(), ids=BROKEN)
def test_one_cause_one_failure(seen: Observation, word: str) -> None:
    """EV021 is the diagnosis: it says why, where another check has said what."""
    bad = [item for item in everything(seen) if item.outcome is Outcome.FAIL and not item.is_remark]
    assert [item.verdict for item in bad if item.id != "EV021"] == [word]


@pytest.mark.parametrize("name", ["refused", "silence in TLS", "no answer"])
def test_what_is_hidden_is_not_good(name: str) -> None:
    """No check that needs an answer passes where there is none."""
    need_an_answer = {"EV013", "EV015", "EV016"}
    assert not [
        item for item in everything(BROKEN[name][0]) if item.id in need_an_answer and item.outcome is Outcome.PASS
    ]


def test_every_finding_is_about_the_endpoint_and_its_line() -> None:
    wanted: Endpoint = endpoint(subject="the registry")
    for seen in (observation(endpoint=wanted), observation(dead(ADDRESS), endpoint=wanted)):
        for finding in everything(seen):
            assert finding.subject == "the registry"
            assert str(finding.where) == "edge.yaml:14:7"
            assert finding.message.isprintable()
