"""Whom Traefik sees, and what that does to the host: with an edge of its own, a shared one, and without a spec."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.deploy.runner import Runner
from edgegen.desired.endpoints import endpoints
from edgegen.explain.constraints import constraint_reasons
from edgegen.explain.engine_view import look_inside
from edgegen.explain.flags import edge_reasons
from edgegen.explain.reason import Weight
from edgegen.explain.wanted import Wanted, wanted
from edgegen.spec.load import load_text
from edgegen.verify.checks.check import Hop
from tests.deploy.conftest import fake as fake_docker
from tests.deploy.test_containers import described
from tests.explain.making import API, container, inside, only, sentences, traefik, wanted_of
from tests.fakes.docker_cli import VERSION, FakeDocker

fake = fake_docker
GUEST = b"""\
name: guest
edge: {use: shop}
services:
  api: {image: "api:1", port: 80, host: guest.example.com}
  hub: {kind: registry, host: r.guest.example.com, users: [ci]}
"""
LOADED = load_text(GUEST)


def guest(name: str = "api") -> Wanted:
    endpoint = next(item for item in endpoints(LOADED.spec, LOADED.locate) if item.name == name)
    found = wanted(LOADED, endpoint, Path("/nonexistent"), {})
    assert found is not None
    return found


def of_guest(name: str = "api", **changes: Any) -> Any:
    seen = container(guest(name))
    return replace(seen, labels={**seen.labels, "com.docker.compose.project": "guest"}, **changes)


def test_an_edge_sees_its_own_project() -> None:
    assert list(constraint_reasons(inside(wanted_of(API)), wanted_of(API))) == []


def test_a_container_of_another_project_is_left_out() -> None:
    reason = only(constraint_reasons(inside(guest(), of_guest()), guest()))
    assert (reason.hop, reason.weight, reason.drops) == (Hop.ROUTER, Weight.CAUSE, True)
    assert "does not see the container of project `guest`" in reason.sentence
    assert "serves: all" in reason.hint
    assert "project `shop`" in reason.hint


def test_a_stranger_is_left_out_too() -> None:
    reason = only(constraint_reasons(inside(guest(), of_guest()), None))
    assert "serves: all" in reason.hint


def test_a_shared_edge_that_serves_all_leaves_nobody_out() -> None:
    args = tuple(word for word in traefik().args if "constraints" not in word)
    assert list(constraint_reasons(inside(guest(), of_guest(), traefik=traefik(args=args)), guest())) == []


def test_an_old_edge_that_reads_every_label_is_worth_a_word() -> None:
    args = tuple(word for word in traefik().args if "constraints" not in word)
    reason = only(constraint_reasons(inside(wanted_of(API), traefik=traefik(args=args)), wanted_of(API)))
    assert (reason.weight, "every project" in reason.sentence) == (Weight.REMARK, True)


def test_a_registry_needs_the_shared_edge_to_wait() -> None:
    args = tuple(word for word in traefik().args if "readtimeout" not in word)
    said = sentences(edge_reasons(inside(guest("hub"), traefik=traefik(args=args)), guest("hub")))
    assert any("readTimeout is 60s" in sentence for sentence in said)
    assert not any("readTimeout" in word for word in sentences(edge_reasons(inside(guest("hub")), guest("hub"))))


def test_a_shared_edge_that_is_not_there() -> None:
    reasons = list(edge_reasons(inside(guest(), traefik=None), guest()))
    assert {reason.sentence for reason in reasons} == {"Traefik of project `shop` has no container"}
    assert {reason.hint for reason in reasons} == {"`edgegen up` in that project starts it"}


@pytest.fixture
def docker(fake: FakeDocker) -> FakeDocker:
    fake.install("docker")
    fake.answer("docker version", VERSION)
    fake.answer("context inspect", "unix:///var/run/docker.sock\n")
    fake.answer("docker logs", "")
    return fake


def _seen(project: str, service: str, *args: str, **labels: str) -> dict[str, Any]:
    own = {"com.docker.compose.project": project, "com.docker.compose.service": service, **labels}
    image = "traefik:v3.7" if service == "traefik" else "web:1"
    return described(id=f"{project}{service}", name=f"/{project}-{service}-1", image=image, labels=own, args=args)


def _has(docker: FakeDocker, filtered: str, *found: dict[str, Any]) -> None:
    ids = [item["id"] for item in found]
    docker.answer(f"docker ps --all --quiet --no-trunc{filtered}", "".join(f"{item}\n" for item in ids))
    docker.answer(" ".join(ids), "".join(json.dumps(item) + "\n" for item in found))


def test_the_traefik_of_the_other_project_is_found(docker: FakeDocker) -> None:
    """Both have a service `api`, and only the guest's is behind the host."""
    _has(docker, " --filter label=com.docker.compose.project=guest", _seen("guest", "api"))
    _has(docker, " --filter label=com.docker.compose.project=shop", _seen("shop", "traefik"), _seen("shop", "api"))
    seen = look_inside(Runner(), "guest.example.com", guest())
    assert seen.traefik is not None
    assert seen.traefik.id == "shoptraefik"
    assert [item.id for item in seen.behind] == ["guestapi"]


def test_without_a_spec_the_traefik_that_sees_the_container(docker: FakeDocker) -> None:
    rule = {"traefik.enable": "true", "traefik.http.routers.x.rule": "Host(`guest.example.com`)"}
    flags = ("--entrypoints.web.address=:80", "--providers.docker=true")
    found = [
        _seen("a", "traefik", *flags, "--providers.docker.constraints=Label(`com.docker.compose.project`,`a`)"),
        _seen("guest", "api", **rule),
        _seen("guest", "traefik", *flags, "--providers.docker.constraints=Label(`com.docker.compose.project`,`guest`)"),
    ]
    _has(docker, "", *found)
    seen = look_inside(Runner(), "guest.example.com", None)
    assert seen.traefik is not None
    assert seen.traefik.id == "guesttraefik"
