"""Cloudflare in front of a registry, wherever it shows."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.endpoints import Kind
from edgegen.verify.checks.registry_behind_proxy import CHECK
from edgegen.verify.observation import RegistrySeen, Trouble
from tests.verify.checks.making import (
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    broken,
    endpoint,
    judged,
    names,
    observation,
    plain,
    registry_seen,
    response,
    stranger,
    verdicts,
    words,
)

RAY = {"cf-ray": "8f2b3c4d5e6f7a8b-FRA"}
CAUGHT: dict[str, dict[str, Any]] = {
    "on /v2/": {"registry": RegistrySeen(response("https://www.example.com/v2/", 401, headers=RAY))},
    "on the page": {"answers": (response(headers=RAY),)},
    "its name": {"answers": (response(headers={"server": "cloudflare"}),)},
    "over plain HTTP": {"plain": (plain(headers={"server": "Cloudflare"}),)},
    "with a password": {"registry": registry_seen(right=response(headers=RAY))},
    "an error of its own": {"answers": (response(status=526, headers=RAY),)},
}


@pytest.mark.parametrize("name", CAUGHT)
def test_caught(name: str) -> None:
    there = observation(endpoint=endpoint(kind=Kind.REGISTRY), **CAUGHT[name])
    assert verdicts(CHECK, there) == [("registry-behind-proxy", "high")]


def test_a_cache_takes_no_pushes() -> None:
    there = observation(endpoint=endpoint(kind=Kind.REGISTRY, writable=False), **CAUGHT["on /v2/"])
    assert verdicts(CHECK, there) == [("registry-behind-proxy", "low")]


def test_what_the_dns_has_said_already_is_a_remark() -> None:
    """The spec says `proxied: false`, and Cloudflare's addresses answer: EV002 says how to mend it."""
    there = observation(
        address_seen("104.16.1.1", **CAUGHT["on the page"]),
        endpoint=endpoint(kind=Kind.REGISTRY),
        names=names("104.16.1.1"),
    )
    assert verdicts(CHECK, there) == [("registry-behind-proxy", "low")]
    wanted = endpoint(kind=Kind.REGISTRY, proxied=True, ipv4=None, ipv6=None)
    assert verdicts(CHECK, replace(there, endpoint=wanted)) == [("registry-behind-proxy", "high")]


def test_a_stranger_has_no_spec_to_change() -> None:
    (finding,) = judged(CHECK, observation(endpoint=stranger(kind=Kind.REGISTRY), **CAUGHT["on the page"]))
    assert "edgegen" not in finding.hint


@pytest.mark.parametrize("server", ["", "nginx", "cloudflare-nginx-not", "Traefik"])
def test_fine(server: str) -> None:
    there = observation(endpoint=endpoint(kind=Kind.REGISTRY), answers=(response(headers={"server": server}),))
    assert words(CHECK, there) == ["ok"]


@pytest.mark.parametrize("name", UNREACHED)
def test_not_seen(name: str) -> None:
    addresses = tuple(replace(one, plain=()) for one in UNREACHED[name].addresses)
    there = replace(UNREACHED[name], endpoint=endpoint(kind=Kind.REGISTRY), addresses=addresses)
    assert words(CHECK, there) == ["not-seen"]


def test_no_answer_says_nothing() -> None:
    silent = (broken(Trouble.TIMEOUT),)
    there = observation(
        endpoint=endpoint(kind=Kind.REGISTRY), answers=silent, plain=silent, registry=RegistrySeen(silent[0])
    )
    assert words(CHECK, there) == ["not-seen"]


def test_one_address() -> None:
    there = observation(
        address_seen(), address_seen(OTHER_ADDRESS, **CAUGHT["on the page"]), endpoint=endpoint(kind=Kind.REGISTRY)
    )
    (finding,) = judged(CHECK, there)
    assert OTHER_ADDRESS in finding.message
    assert "proxied: false" in finding.hint


def test_others_may_stand_behind_it() -> None:
    assert words(CHECK, observation(answers=(response(headers=RAY),))) == []
