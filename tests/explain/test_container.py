"""The last link, and what its state does to those before it."""

from __future__ import annotations

import pytest

from edgegen.deploy.containers import ContainerSeen
from edgegen.explain.container import behind_broken, container_link
from edgegen.explain.engine_view import Inside
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State
from tests.explain.making import API, OLD, WEB, container, inside, links, wanted_of

OF = wanted_of(API)


def seen(*behind: ContainerSeen, **states: str) -> Link:
    of = Inside(behind=behind)
    return container_link(of, OF, links(**{"service": "not-seen", **states}), OF.where)


@pytest.mark.parametrize(
    ("state", "health", "link"),
    [
        ("running", "", "good"),
        ("running", "healthy", "good"),
        ("running", "unhealthy", "broken"),
        ("running", "starting", "broken"),
        ("exited", "", "broken"),
        ("created", "", "broken"),
        ("restarting", "", "broken"),
    ],
)
def test_states(state: str, health: str, link: str) -> None:
    found = seen(container(OF, state=state, health=health))
    assert (found.state, found.where) == (link, OF.where)
    assert "shop-api-1 is" in found.message


def test_what_it_says() -> None:
    found = seen(container(OF, state="exited", exit_code=1, complaint="no such file"))
    assert found.message == "shop-api-1 is exited (1), and says: no such file"
    assert "edgegen logs api" in found.hint
    assert "wait" in seen(container(OF, health="starting")).hint


def test_none() -> None:
    found = seen()
    assert (found.state, found.message) == (State.BROKEN, "service `api` has no container")


def test_one_of_several_is_enough() -> None:
    found = seen(container(OF, name="a", state="exited"), container(OF, name="b"))
    assert (found.state, found.message, found.also) == (State.GOOD, "b is running", ("a is exited (0)",))


def test_an_engine_that_is_not_the_hosts() -> None:
    found = seen(container(OF, state="exited"), service="good")
    assert found.state is State.NOT_SEEN
    assert "is this its engine?" in found.message


def test_not_seen_from_here() -> None:
    found = container_link(Inside("no engine", "use --host"), OF, links(), OF.where)
    assert (found.state, found.message, found.hint) == (State.NOT_SEEN, "no engine", "use --host")


def test_services_without_a_container() -> None:
    found = container_link(Inside("no engine"), wanted_of(OLD), links(), None)
    assert (found.state, found.message) == (State.GOOD, "Traefik itself redirects, there is no container")


def test_what_comes_of_a_container_that_does_not_serve() -> None:
    broken = seen(container(OF, health="unhealthy"))
    found = {
        link.hop: link
        for link in behind_broken(links(tls="broken", router="broken", service="not-seen"), broken, "no router")
    }
    assert found[Hop.ROUTER].state is State.NOT_SEEN
    assert found[Hop.ROUTER].message == "no router"
    assert found[Hop.SERVICE] == links(service="not-seen")[-1]
    assert found[Hop.TLS].message.startswith("tls it is. Why: shop-api-1 is running and unhealthy")
    assert list(behind_broken(links(), broken, "no router")) == links()


def test_of_another_service() -> None:
    of = wanted_of(WEB)
    assert container_link(inside(of), of, links(), of.where).message == "shop-web-1 is running"
