"""Hosts that redirect to each other, each of them right by itself."""

from __future__ import annotations

from itertools import pairwise

import pytest

from edgegen.endpoints import Kind
from edgegen.verify.circles import with_circles
from edgegen.verify.observation import Observation
from edgegen.verify.run import judge
from tests.verify.checks.making import address_seen, context, endpoint, observation, redirect, response

A, B, C = "https://a.test/", "https://b.test/", "https://c.test/"


def host(url: str, *goals: str, **changes: object) -> Observation:
    """A host whose `/` redirects to each goal in turn, on itself but for the last."""
    name = url.split("/")[2]
    asked = (url, *goals)
    answers = tuple(redirect(at, goal) for at, goal in pairwise(asked)) or (response(url),)
    return observation(endpoint=endpoint(name, **changes), answers=answers)


def circles(*seen: Observation) -> list[tuple[str, ...]]:
    return [item.circle for item in with_circles(seen)]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([host(A, B), host(B, A)], [(A, B, A), (B, A, B)]),
        ([host(A, "https://B.TEST"), host(B, "https://a.test:443")], [(A, B, A), (B, A, B)]),
        ([host(A, B), host(B, C), host(C, A)], [(A, B, C, A), (B, C, A, B), (C, A, B, C)]),
        ([host(A, "https://a.test/x", B), host(B, A)], [(A, B, A), (B, A, B)]),
        ([host(C, A), host(A, B), host(B, A)], [(), (A, B, A), (B, A, B)]),  # it only leads into the loop
        ([host(A, B), host(B)], [(), ()]),
        ([host(A, B), host(B, "https://a.test/login")], [(), ()]),  # what is there was not asked
        ([host(A, "https://b.test/?from=a"), host(B, A)], [(), ()]),
        ([host(A, "http://b.test/"), host(B, A)], [(), ()]),
        ([host(A, B), host(B, "https://a.test:8443/")], [(), ()]),
        ([host(A, B)], [()]),
        ([host(A, "//"), host(B, "https://[")], [(), ()]),
        ([host(A, B), host(B, A, kind=Kind.REDIRECT)], [(), ()]),  # known before: it was followed
    ],
)
def test_who_leads_back(seen: list[Observation], expected: list[tuple[str, ...]]) -> None:
    assert circles(*seen) == expected


def test_a_cookie_may_end_it() -> None:
    sets = observation(endpoint=endpoint("b.test"), answers=(redirect(B, A, headers={"set-cookie": "a=1"}),))
    assert circles(host(A, B), sets) == [(), ()]


def test_addresses_that_differ_prove_nothing() -> None:
    two = observation(
        address_seen("192.0.2.1", answers=(redirect(B, A),)), address_seen("192.0.2.2", answers=(response(B),)),
        endpoint=endpoint("b.test"),
    )  # fmt: skip
    assert circles(host(A, B), two) == [(), ()]


def test_it_is_a_loop_for_both_hosts() -> None:
    found = [item for item in judge([host(A, B), host(B, A)], context()) if item.id == "EV013"]
    assert [(item.subject, item.verdict) for item in found] == [
        ("a.test", "redirect-loop"), ("b.test", "redirect-loop"),
    ]  # fmt: skip
    assert found[0].message == f"the redirects form a loop over several hosts: {A} -> {B} -> {A}"
