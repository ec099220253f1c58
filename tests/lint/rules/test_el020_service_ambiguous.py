"""A router that could lead to several services: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el020_service_ambiguous as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.services.admin.loadbalancer.server.port=81",
        ),
        ["5 high the router `web` names no service, and there are several (`admin`, `web`): Traefik drops the router"],
    ),
    (
        stack(
            "traefik.tcp.routers.a.rule=HostSNI(`*`)",
            "traefik.tcp.services.b.loadbalancer.server.port=1",
            "traefik.tcp.services.c.loadbalancer.server.port=2",
        ),
        ["5 high the router `a` names no service, and there are several (`b`, `c`): Traefik drops the router"],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.services.admin.loadbalancer.server.port=81",
        "traefik.http.routers.web.service=web",
    ),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.tcp.services.web.loadbalancer.server.port=81",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.services.admin.loadbalancer.server.port=81",
        "traefik.http.routers.web.service=${S}",
    ),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL020") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL020") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_ENOUGH", 9)
    assert differences("EL020", CAUGHT, PASSED)
