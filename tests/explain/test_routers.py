"""What Traefik's API says, as reasons."""

from __future__ import annotations

import pytest

from edgegen.explain.reason import Reason, Weight
from edgegen.explain.routers import api_reasons, with_router
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import State
from edgegen.verify.look.traefik_api import RouterSeen, TraefikSeen
from tests.explain.making import API, REGISTRY, endpoint_of, links, only, wanted_of

RULE = "Host(`api.example.com`)"
ON = RouterSeen("api-https@docker", RULE, "enabled", (), ("websecure",), {"http://172.20.0.2:80": "UP"})


def reasons(*routers: RouterSeen, host: str = API, **changes: object) -> list[Reason]:
    seen = TraefikSeen(routers, **changes)  # type: ignore[arg-type]
    return list(api_reasons(seen, endpoint_of(host), wanted_of(host)))


def test_a_router_that_is_on() -> None:
    assert reasons(ON) == []
    assert reasons(RouterSeen("api@docker", RULE, "enabled")) == []


def test_none_at_all() -> None:
    found = only(reasons())
    assert (found.hop, found.weight, found.drops) == (Hop.ROUTER, Weight.CAUSE, True)
    assert str(found.where) == "edge.yaml:17:8"


@pytest.mark.parametrize(
    ("status", "error", "weight", "said"),
    [
        (
            "disabled",
            'middleware "nope@docker" does not exist',
            Weight.CAUSE,
            "is off: its router uses the middleware `nope",
        ),
        ("disabled", "something new", Weight.CAUSE, "is off: something new"),
        ("warning", 'entryPoint "nope" doesn\'t exist', Weight.REMARK, "has an error: its router names an entrypoint"),
    ],
)
def test_errors(status: str, error: str, weight: Weight, said: str) -> None:
    found = only(reasons(RouterSeen("api@docker", RULE, status, (error,))))
    assert (found.weight, said in found.sentence, found.drops) == (weight, True, status == "disabled")


def test_servers_that_are_down() -> None:
    down = RouterSeen("api@docker", RULE, "enabled", servers={"http://a": "DOWN", "http://b": "DOWN"})
    found = only(reasons(down))
    assert (found.hop, found.weight) == (Hop.SERVICE, Weight.CAUSE)
    assert reasons(RouterSeen("api@docker", RULE, "enabled", servers={"http://a": "DOWN", "http://b": "UP"})) == []


@pytest.mark.parametrize(
    ("limit", "cut"), [("1m0s", True), ("0", False), ("0s", False), ("1h0m0s", False), ("", False)]
)
def test_read_timeouts_of_a_registry(limit: str, cut: bool) -> None:
    found = reasons(ON, host=REGISTRY, read_timeouts={"websecure": limit, "web": "1m0s"})
    assert [(item.hop, item.weight) for item in found] == [(Hop.ENTRYPOINT, Weight.FAULT)] * cut
    assert reasons(ON, read_timeouts={"websecure": limit}) == []


def test_a_router_that_nobody_saw() -> None:
    seen = TraefikSeen((ON,))
    found = {
        link.hop: link for link in (with_router(link, seen) for link in links(router="not-seen", service="not-seen"))
    }
    assert (found[Hop.ROUTER].state, found[Hop.SERVICE].state) == (State.GOOD, State.NOT_SEEN)
    for state, known in (("broken", seen), ("not-seen", TraefikSeen())):
        unchanged = links(router=state)
        assert [with_router(link, known) for link in unchanged] == unchanged
