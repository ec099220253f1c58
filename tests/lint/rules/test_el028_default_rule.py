"""A container that Traefik publishes under its own name: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el028_default_rule as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, swarm, traefik

CAUGHT = [
    (
        stack() + traefik(),
        ["4 low `web` is enabled and has no router: Traefik publishes it under its container's name"],
    ),
    (
        stack(),
        ["4 info `web` is enabled and has no router: Traefik publishes it under its container's name"],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.usersfile=/users") + traefik(),
        ["4 low `web` is enabled and has no router: Traefik publishes it under its container's name"],
    ),
]
CAUGHT += [
    (
        swarm("traefik.http.services.web.loadbalancer.server.port=80"),
        ["5 info `web` is enabled and has no router: Traefik publishes it under its container's name"],
    ),
]
PASSED = [
    swarm(),
    stack("traefik.http.services.web.loadbalancer.server.port=80", "traefik.http.services.b.loadbalancer.server.port=9")
    + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    stack() + traefik("--providers.docker.defaultrule=Host(`x`)"),
    stack(enable="false") + traefik(),
    stack("traefik.tcp.routers.db.rule=HostSNI(`*`)") + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL028") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL028") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"traefik": None, "labelled": (), "provider_option": lambda *_: None}
    monkeypatch.setattr(rule, "edge_of", lambda _: type("E", (), nothing)())
    assert differences("EL028", CAUGHT, PASSED)
