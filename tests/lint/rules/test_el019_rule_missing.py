"""A router without a rule: what is caught, and what is not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from edgegen.lint.edge import Edge
from edgegen.lint.engine import lint
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.services.web.loadbalancer.server.port=80", "traefik.http.routers.web.entrypoints=web")
        + traefik(),
        ["6 medium the router `web` has no rule, and Traefik makes one of the container's name"],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.server.port=80", "traefik.http.routers.web.entrypoints=web"),
        ["6 low the router `web` has no rule, and Traefik makes one of the container's name"],
    ),
    (
        stack("traefik.tcp.routers.web.entrypoints=web"),
        ["5 high Traefik drops the TCP router `web`: it has no rule"],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.server.port=80", "traefik.http.routers.web.rule=") + traefik(),
        ["6 medium the router `web` has no rule, and Traefik makes one of the container's name"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.wbe.tls=true",
        )
        + traefik(),
        ["7 medium the router `wbe` has no rule, and Traefik makes one of the container's name"],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    stack("traefik.http.services.web.loadbalancer.server.port=80", "traefik.http.routers.web.rule=${RULE}") + traefik(),
    stack("traefik.http.services.web.loadbalancer.server.port=80", "traefik.http.routers.web.tls=true")
    + traefik("--providers.docker.defaultrule=Host(`x`)"),
    stack("traefik.udp.routers.web.entrypoints=dns"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL019") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL019") == []


def test_an_empty_rule_is_not_taken_for_another_router() -> None:
    item = project(stack("traefik.http.routers.web.rule="))
    hints = [result.finding.hint for result in lint(item) if result.finding.id == "EL019"]
    assert hints == ["add `traefik.http.routers.web.rule`"]


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = SimpleNamespace(text="somebody's", known=True)
    monkeypatch.setattr(Edge, "provider_option", lambda *_: everywhere)
    assert differences("EL019", CAUGHT, PASSED)
