"""Who gets into a registry: every verdict, and what looks like one and is none."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.core.finding import Outcome
from edgegen.endpoints import Endpoint, Kind
from edgegen.verify.checks.registry_auth import CHECK
from edgegen.verify.observation import RegistrySeen, Response, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    OTHER_ADDRESS,
    UNREACHED,
    WHERE,
    address_seen,
    broken,
    dead,
    endpoint,
    judged,
    observation,
    redirect,
    registry_seen,
    response,
    stranger,
    traefik_404,
    verdicts,
    words,
)

URL = "https://www.example.com/v2/"
OWN = {"docker-distribution-api-version": "registry/2.0", "content-type": "application/json"}
BASIC = {"www-authenticate": 'Basic realm="registry"'}
REFUSED = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}\n'


def test_without_a_login_a_registry_that_refuses_strangers_is_good() -> None:
    part = registry_seen(right=None, right_skipped="no login is wanted")
    assert words(CHECK, seen(part)) == ["ok"]
    bad = registry_seen(wrong=OPEN, right=None, right_skipped="no login is wanted")
    assert words(CHECK, seen(bad)) == ["registry-accepts-any-password"]


def test_who_has_no_password_is_told_of_no_login() -> None:
    (finding,) = judged(CHECK, seen(registry_seen(right=None, right_skipped="no credentials")))
    assert "Use `--no-login` to skip the login" in finding.hint


def registry(**changes: Any) -> Endpoint:
    return endpoint(kind=Kind.REGISTRY, **changes)


def seen(part: RegistrySeen, **changes: Any) -> Any:
    return observation(endpoint=registry(**changes), registry=part)


def answer(status: int, body: bytes = b"", **headers: str) -> Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return response(URL, status, headers={"content-type": "", **names}, body=body)


def only(anonymous: Response) -> RegistrySeen:
    return RegistrySeen(anonymous)


OPEN = response(URL, 200, headers=OWN, body=b"{}")
PROXY = answer(401, b"401 Unauthorized\n", www_authenticate='Basic realm="traefik"', content_type="text/plain")
CAUGHT = {
    "open, as docker-registry without auth is": (only(OPEN), "registry-open", "critical"),
    "open, without its header": (only(answer(200, b"{}\n")), "registry-open", "critical"),
    "open, without its JSON": (only(response(URL, 200, headers=OWN)), "registry-open", "critical"),
    "a login page": (only(answer(200, b"<html>", content_type="text/html")), "not-a-registry", "high"),
    "another API": (only(answer(200, b'{"ok":true}', content_type="application/json")), "not-a-registry", "high"),
    "an empty page": (only(answer(200)), "not-a-registry", "high"),
    "a 404 that is not Traefik's": (only(answer(404, b"<h1>nginx</h1>")), "not-a-registry", "high"),
    "a redirect to a login": (only(redirect(URL, "https://login.example.com/")), "not-a-registry", "high"),
    "kept out": (only(answer(403)), "registry-forbidden", "medium"),
    "kept out by its own words": (only(response(URL, 403, headers=OWN)), "registry-forbidden", "medium"),
    "401 without a word": (only(answer(401, REFUSED)), "registry-bad-challenge", "high"),
    "401 for browsers alone": (only(answer(401, www_authenticate="Negotiate")), "registry-bad-challenge", "high"),
    "Bearer without a token server": (only(answer(401, www_authenticate="Bearer")), "registry-bad-challenge", "high"),
    "the proxy's password": (registry_seen(anonymous=PROXY, wrong=PROXY), "registry-proxy-auth", "medium"),
    "any password": (registry_seen(wrong=OPEN), "registry-accepts-any-password", "critical"),
    "the right one refused": (registry_seen(right=answer(401, REFUSED)), "registry-credentials-refused", "high"),
    "the right one forbidden": (registry_seen(right=answer(403)), "registry-credentials-refused", "high"),
    "behind the password a page": (registry_seen(right=answer(200, b"<html>")), "not-a-registry", "high"),
    "behind the password nothing": (registry_seen(right=answer(502)), "not-a-registry", "high"),
    "no password given": (registry_seen(right=None, right_skipped="no credentials"), "registry-no-credentials", "info"),
}  # fmt: skip


@pytest.mark.parametrize("name", CAUGHT)
def test_caught(name: str) -> None:
    part, word, severity = CAUGHT[name]
    assert verdicts(CHECK, seen(part)) == [(word, severity)]


BEARER = {**OWN, "www-authenticate": 'Bearer realm="https://auth.example.com/token",service="x"'}
BOTH = {"www-authenticate": f"{BASIC['www-authenticate']}, {BEARER['www-authenticate']}"}
WITH_TOKENS = {
    "a token server": registry_seen(anonymous=response(URL, 401, headers=BEARER, body=REFUSED)),
    "a token server that says little": registry_seen(anonymous=response(URL, 401, headers=BEARER)),
    "a token server beside Basic": registry_seen(anonymous=response(URL, 401, headers={**OWN, **BOTH})),
}  # fmt: skip


@pytest.mark.parametrize("name", WITH_TOKENS)
def test_a_token_server_is_a_strangers_and_never_the_specs(name: str) -> None:
    there = observation(endpoint=stranger(kind=Kind.REGISTRY), registry=WITH_TOKENS[name])
    (finding,) = judged(CHECK, there)
    assert finding.outcome is Outcome.PASS
    (finding,) = judged(CHECK, seen(WITH_TOKENS[name]))
    assert (finding.verdict, finding.severity, finding.where) == ("registry-token-server", "high", WHERE)
    assert "`https://auth.example.com/token`" in finding.message
    assert "No password was sent" in finding.message
    assert "`edgegen verify https://www.example.com/v2/`" in finding.hint


FINE = {
    "htpasswd": registry_seen(),
    "its header alone": registry_seen(anonymous=response(URL, 401, headers={**OWN, **BASIC}, body=b"no")),
    "its JSON alone": registry_seen(anonymous=response(URL, 401, headers=BASIC, body=REFUSED)),
    "wrong ones are forbidden": registry_seen(wrong=answer(403)),
    "200 without JSON": registry_seen(right=response(URL, 200, headers=OWN, body=b"")),
}


@pytest.mark.parametrize("name", FINE)
def test_fine(name: str) -> None:
    (finding,) = judged(CHECK, seen(FINE[name]))
    assert (finding.outcome, finding.where) == (Outcome.PASS, WHERE)
    assert "`ci` (from the environment) is accepted" in finding.message


@pytest.mark.parametrize("refusal", [answer(500), answer(404), redirect(URL, "https://login.example.com/")])
def test_the_right_password_is_of_no_use_whatever_a_wrong_one_does(refusal: Response) -> None:
    fault, unseen = judged(CHECK, seen(registry_seen(wrong=refusal, right=refusal)))
    assert (fault.outcome, fault.verdict) == (Outcome.FAIL, "not-a-registry")
    assert "with the password of `ci`" in fault.message
    assert (unseen.outcome, unseen.verdict) == (Outcome.UNKNOWN, "not-seen")


UNSEEN = {
    "timeout": only(broken(Trouble.TIMEOUT)),
    "upstream down": only(answer(502)),
    "unavailable": only(answer(503)),
    "upstream slow": only(answer(504)),
    "no router": only(traefik_404(URL)),
    "broken of its own": only(answer(500, b"oops", content_type="text/plain")),
    "Traefik's own 500": only(answer(500, b"Internal Server Error")),
    "Cloudflare's own": only(answer(522, cf_ray="x")),
    "Cloudflare's own for everybody": only(answer(403, b"error code: 1014", cf_ray="x")),
    "misdirected": only(answer(421)),
    "too many requests": only(answer(429)),
    "not trusted": registry_seen(right=None, right_skipped="the certificate is not trusted"),
    "wrong one not tried": registry_seen(wrong=None),
    "wrong one without answer": registry_seen(wrong=broken(Trouble.RESET)),
    "wrong one too often": registry_seen(wrong=answer(429)),
    "wrong one breaks it": registry_seen(wrong=answer(500)),
    "right one without answer": registry_seen(right=broken(Trouble.TIMEOUT)),
    "right one too often": registry_seen(right=answer(429)),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_not_seen(name: str) -> None:
    (finding,) = judged(CHECK, seen(UNSEEN[name]))
    assert (finding.verdict, finding.outcome) == ("not-seen", Outcome.UNKNOWN)


@pytest.mark.parametrize("name", UNREACHED)
def test_unreached(name: str) -> None:
    assert words(CHECK, replace(UNREACHED[name], endpoint=registry())) == ["not-seen"]


def test_not_asked_is_not_good() -> None:
    assert words(CHECK, observation(endpoint=registry(), registry=None)) == ["not-seen"]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.REGISTRY])
def test_others_are_no_registries(kind: Kind) -> None:
    assert words(CHECK, observation(endpoint=endpoint(kind=kind))) == []


def test_the_proxy_asks_because_the_spec_wants_it() -> None:
    part = registry_seen(anonymous=PROXY, wrong=PROXY)
    assert words(CHECK, seen(part, proxy_auth=True)) == ["ok"]


PULLS = {
    "refused": (answer(401, REFUSED), ["registry-pull-refused"]),
    "forbidden": (answer(403), ["registry-pull-refused"]),
    "no router": (traefik_404(), ["registry-pull-refused"]),
    "a registry's 404": (answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}'), ["ok"]),
    "it is there": (answer(200, b"{}"), ["ok"]),
    "down": (answer(502), ["ok"]),
    "too many": (answer(429), ["ok"]),
    "silent": (broken(Trouble.TIMEOUT), ["ok"]),
    "not asked": (None, ["ok"]),
}


@pytest.mark.parametrize("name", PULLS)
def test_everyone_may_pull(name: str) -> None:
    pull, expected = PULLS[name]
    part = registry_seen(anonymous=PROXY, wrong=PROXY, pull=pull)
    assert words(CHECK, seen(part, proxy_auth=True)) == expected


def test_the_proxys_password_and_a_wrong_one_are_two_findings() -> None:
    part = registry_seen(anonymous=PROXY, wrong=PROXY, right=PROXY)
    assert words(CHECK, seen(part)) == ["registry-proxy-auth", "registry-credentials-refused"]


def test_a_stranger_may_have_its_proxy_ask() -> None:
    """It is a way that works; nobody has said that it should be another."""
    part = registry_seen(anonymous=PROXY, wrong=PROXY)
    there = observation(endpoint=stranger(kind=Kind.REGISTRY), registry=part)
    assert verdicts(CHECK, there) == [("registry-proxy-auth", "low")]


def test_strangers_get_hints_that_they_can_follow() -> None:
    for part in (only(OPEN), registry_seen(right=answer(401)), registry_seen(anonymous=PROXY, wrong=PROXY)):
        (finding,) = judged(CHECK, observation(endpoint=stranger(kind=Kind.REGISTRY), registry=part))
        assert "edgegen" not in finding.hint
        (finding,) = judged(CHECK, seen(part))
        assert "edgegen" in finding.hint or "users:" in finding.hint
    (finding,) = judged(CHECK, observation(endpoint=stranger(kind=Kind.REGISTRY), registry=only(OPEN)))
    assert "anyone can pull, and push unless" in finding.message


def test_who_is_kept_out_knows_nothing() -> None:
    (finding,) = judged(CHECK, seen(only(answer(403))))
    assert finding.outcome is Outcome.UNKNOWN
    (finding,) = judged(CHECK, seen(registry_seen(wrong=None, right_skipped="the certificate is not trusted")))
    assert finding.message.endswith("whether a wrong password is refused (the certificate is not trusted)")


def test_open_where_no_password_is_wanted() -> None:
    assert words(CHECK, seen(only(OPEN), asks_password=False)) == ["ok"]


def test_a_cache_that_is_open_is_pulled_from() -> None:
    (finding,) = judged(CHECK, seen(only(OPEN), writable=False))
    assert finding.verdict == "registry-open"
    assert finding.message == "/v2/ answers 200 without a password: anyone can pull"


def test_one_address_is_open() -> None:
    """The worst that there is must not hide behind addresses that are right."""
    good = address_seen(registry=registry_seen())
    bad = address_seen(OTHER_ADDRESS, registry=only(OPEN))
    (finding,) = judged(CHECK, observation(good, bad, endpoint=registry()))
    assert finding.verdict == "registry-open"
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")


def test_a_dead_address_beside_a_good_one() -> None:
    there = observation(address_seen(registry=registry_seen()), dead(OTHER_ADDRESS), endpoint=registry())
    assert words(CHECK, there) == ["ok", "not-seen"]


def test_what_helps() -> None:
    (finding,) = judged(CHECK, seen(registry_seen(right=None, right_skipped="no credentials"), port=5443))
    assert finding.outcome is Outcome.UNKNOWN
    assert "EDGEGEN_REGISTRY_USER" in finding.hint
    assert "`docker login www.example.com:5443`" in finding.hint
    (finding,) = judged(CHECK, seen(registry_seen(right=answer(401))))
    assert "its own user `docker`" in finding.hint
    assert ADDRESS not in finding.message


def test_words_of_others_stay_on_one_line() -> None:
    realm = {"www-authenticate": 'Basic realm="a\x1b[31m\u202e"'}
    part = registry_seen(anonymous=response(URL, 401, headers=realm))
    (finding,) = judged(CHECK, seen(part))
    assert finding.verdict == "registry-proxy-auth"
    assert finding.message.isprintable()
