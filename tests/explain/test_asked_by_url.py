"""A container that a file of Traefik leads to keeps its router and its certificate when it goes down."""

from __future__ import annotations

from edgegen.explain.container import asked_and_broken
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State


def test_only_the_answer_is_missing() -> None:
    router = Link(Hop.ROUTER, State.GOOD, "a router", None)
    tls = Link(Hop.TLS, State.BROKEN, "the certificate has expired", None)
    service = Link(Hop.SERVICE, State.BROKEN, "the edge answers 502", None)
    found = list(asked_and_broken([tls, router, service]))
    assert found[:2] == [tls, router]
    assert (found[2].hop, found[2].state) == (Hop.SERVICE, State.NOT_SEEN)
    assert "does not serve" in found[2].message


def test_an_answer_stays() -> None:
    service = Link(Hop.SERVICE, State.GOOD, "answers 200", None)
    assert list(asked_and_broken([service])) == [service]
