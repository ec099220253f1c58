"""A port that is not one: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el015_port_invalid as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack("traefik.http.services.web.loadbalancer.server.port=8080:80"),
        ["5 medium `8080:80` is not a port, and Traefik reaches nothing behind the service `web`"],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.server.port=http"),
        ["5 high `http` is not a port, and Traefik disables every router of the service `web`"],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.server.port=0"),
        ["5 medium `0` is not a port, and Traefik reaches nothing behind the service `web`"],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.server.port=70000"),
        ["5 medium `70000` is not a port, and Traefik reaches nothing behind the service `web`"],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.server.port=8080/tcp"),
        ["5 medium `8080/tcp` is not a port, and Traefik reaches nothing behind the service `web`"],
    ),
    (
        stack("traefik.tcp.services.web.loadbalancer.server.port=x"),
        ["5 medium `x` is not a port, and Traefik reaches nothing behind the service `web`"],
    ),
]
PASSED = [
    stack("traefik.http.services.web.loadbalancer.server.port=80"),
    stack("traefik.http.services.web.loadbalancer.server.port=65535"),
    stack("traefik.http.services.web.loadbalancer.server.port=${PORT}"),
    stack("traefik.http.services.web.loadbalancer.server.port="),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL015") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL015") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_MOST", 10**6)
    assert differences("EL015", CAUGHT, PASSED)
