"""Two applications behind one Traefik service: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el022_servers_mixed as rule
from tests.lint.support import found, project
from tests.lint.table import differences, service, stack

CAUGHT = [
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + service("two", "traefik.http.services.web.loadbalancer.server.port=81"),
        [
            "12 medium the service `web` is also in the labels of `web`, with port 80: Traefik sends requests to either of them"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + service("two", "traefik.http.services.web.loadbalancer.server.port=80", image="other:1"),
        [
            "12 medium the service `web` is also in the labels of `web`, which runs another image: Traefik sends requests to either of them"
        ],
    ),
]
PASSED = [
    stack("traefik.http.services.web.loadbalancer.server.port=80", more="profiles: [dev]")
    + service("two", "traefik.http.services.web.loadbalancer.server.port=81", more="profiles: [prod]"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + service("two", "traefik.http.services.web.loadbalancer.server.port=80"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + service("two", "traefik.http.services.web.loadbalancer.server.port=80", image="app:2"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + service("two", "traefik.http.services.two.loadbalancer.server.port=81"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL022") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL022") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_image", lambda _: "")
    assert differences("EL022", CAUGHT, PASSED)
