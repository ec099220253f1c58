"""HSTS: there, long enough, and only where browsers read it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgegen.core.location import Location
from edgegen.endpoints import Kind
from edgegen.verify.checks.hsts import CHECK, max_age
from edgegen.verify.observation import Response, Trouble
from tests.verify.checks.making import (
    HOST,
    HSTS,
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    broken,
    endpoint,
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


def said(value: str, status: int = 200) -> Response:
    return response(status=status, headers={"strict-transport-security": value})


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("", "hsts-missing"),
        ("includeSubDomains", "hsts-missing"),
        ("max-age", "hsts-missing"),
        ("max-age=", "hsts-missing"),
        ("max-age=soon", "hsts-missing"),
        ("max-age=-1", "hsts-missing"),
        ("max-age=1e9", "hsts-missing"),
        ('max-age="63072000', "hsts-missing"),
        ("xmax-age=63072000", "hsts-missing"),
        ("max-age=0", "hsts-missing"),
        ("max-age=1", "hsts-short"),
        ("max-age=300", "hsts-short"),
        ("max-age=31536000; includeSubDomains; preload", "hsts-short"),
        ("max-age=63071999", "hsts-short"),
        ("max-age=63072000; max-age=0", "hsts-missing"),
        ("max-age=63072000; Max-Age=63072000", "hsts-missing"),
        ("max-age=63072000; includeSubDomains; includesubdomains", "hsts-missing"),
    ],
)
def test_caught(value: str, word: str) -> None:
    assert verdicts(CHECK, observation(answers=(said(value),))) == [(word, "low")]


@pytest.mark.parametrize(
    "value",
    [
        HSTS, "max-age=63072000", "MAX-AGE=63072000", "includeSubDomains; max-age=63072000", 'max-age="63072000"',
        " max-age = 63072000 ;preload", "max-age=" + "9" * 5000, "max-age=63072000;;",
    ],
)  # fmt: skip
def test_fine(value: str) -> None:
    assert words(CHECK, observation(answers=(said(value),))) == ["ok"]


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    assert words(CHECK, seen) == ["not-seen"]


@pytest.mark.parametrize(
    "answers",
    [
        (broken(Trouble.TIMEOUT),),
        (traefik_404(),),
        (replace(said("", 403), headers=(("cf-ray", "1-FRA"), ("cf-mitigated", "challenge"))),),
        (said("", 502),),
        (said("", 500),),
        (response(f"http://{HOST}/"),),
        (),
    ],
)
def test_the_cause_is_another(answers: tuple[Response, ...]) -> None:
    assert words(CHECK, observation(answers=answers)) == ["not-seen"]


def test_browsers_ignore_it_over_what_they_don_t_trust() -> None:
    assert words(CHECK, observation(tls=untrusted(18))) == ["not-seen"]
    assert words(CHECK, observation(tls=untrusted(10), answers=(said(""),))) == ["not-seen"]


def test_who_wants_it() -> None:
    missing = (said(""),)
    assert words(CHECK, observation(endpoint=endpoint(hsts=False), answers=missing)) == []
    assert verdicts(CHECK, observation(endpoint=stranger(), answers=missing)) == [("hsts-missing", "low")]
    assert words(CHECK, observation(endpoint=endpoint(kind=Kind.TLS, hsts=None, web_port=None))) == []


def test_browsers_ignore_it_of_an_address() -> None:
    for host in ("157.245.51.137", "2606:4700::1111"):
        assert words(CHECK, observation(endpoint=stranger(host), answers=(said(""),))) == []


def test_what_is_said_twice_is_named() -> None:
    (finding,) = judged(CHECK, observation(answers=(said("max-age=1; max-age=2"),)))
    assert finding.message == "`max-age=1; max-age=2` has max-age twice: browsers ignore it"


def test_any_answer_of_the_host_may_have_it() -> None:
    assert words(CHECK, observation(answers=(redirect(URL, "/a"), said("")))) == ["ok"]
    assert words(CHECK, observation(answers=(said("", 301), said(HSTS)))) == ["ok"]
    assert words(CHECK, observation(answers=(said(HSTS, 502),))) == ["ok"]
    hub = endpoint(kind=Kind.REGISTRY)
    assert words(CHECK, observation(endpoint=hub, answers=(said(""),))) == ["ok"]
    bare = registry_seen(anonymous=said("", 401))
    assert words(CHECK, observation(endpoint=hub, answers=(said(""),), registry=bare)) == ["hsts-missing"]


def test_the_line_and_the_cure() -> None:
    wanted = endpoint(places={"host": Location("edge.yaml", 1, 1), "hsts": Location("edge.yaml", 9, 3)})
    (finding,) = judged(CHECK, observation(endpoint=wanted, answers=(said("max-age=300"),)))
    assert str(finding.where) == "edge.yaml:9:3"
    assert finding.message == "max-age is 300, less than two years (63072000)"
    (finding,) = judged(CHECK, observation(endpoint=endpoint(proxied=True), answers=(said(""),)))
    assert "Cloudflare" in finding.hint


def test_one_address_of_two() -> None:
    (finding,) = judged(CHECK, observation(address_seen(), address_seen(OTHER_ADDRESS, answers=(said(""),))))
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")


@given(st.text())
def test_any_text_is_read(value: str) -> None:
    found = max_age(value)
    assert found is None or 0 <= found <= 9_999_999_999


@given(st.integers(0, 9_999_999_999))
def test_every_number_is_read(seconds: int) -> None:
    assert max_age(f"max-age={seconds}") == max_age(f'a; Max-Age="{seconds}"') == seconds
