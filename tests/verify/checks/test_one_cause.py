"""All checks together: a healthy endpoint has no fault at all, and one cause has one failing verdict."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.core.finding import Finding, Outcome
from edgegen.endpoints import Endpoint, Goal, Kind
from edgegen.verify.checks import CHECKS
from edgegen.verify.observation import Observation, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    HOST,
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
    observation,
    redirect,
    registry_seen,
    response,
    stranger,
    tls,
    traefik_404,
    untrusted,
    without_tls,
)

V6 = "2001:db8::10"
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
}
STAND_IN = certificate(
    "TRAEFIK DEFAULT CERT", issuer="CN=TRAEFIK DEFAULT CERT", names=("a.traefik.default",), self_signed=True
)
SELF_SIGNED = certificate(issuer=f"CN={HOST}", self_signed=True)
HUB = endpoint(kind=Kind.REGISTRY)
URL = f"https://{HOST}/"


def hub(answer: Any) -> Observation:
    """A registry that gives one answer to everything."""
    return observation(
        endpoint=HUB,
        answers=(answer(URL),),
        registry=registry_seen(anonymous=answer(f"{URL}v2/"), wrong=None, right=None),
    )


BROKEN: dict[str, tuple[Observation, str]] = {
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
