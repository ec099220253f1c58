"""A service that the Traefik's own constraints exclude: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el038_constraint_excludes as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + traefik("--providers.docker.constraints=Label(`edge`,`public`)"),
        ["4 high Traefik skips `web`: its constraint is `Label(`edge`,`public`)`"],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "edge=public",
    )
    + traefik("--providers.docker.constraints=Label(`edge`,`public`)"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik("--providers.docker.constraints=Label(`com.docker.compose.project`,`x`)"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "edge=${X}",
    )
    + traefik("--providers.docker.constraints=Label(`edge`,`public`)"),
    stack("traefik.docker.network=x") + traefik("--providers.docker.constraints=Label(`edge`,`public`)"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL038") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL038") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "lets_through", lambda *_: None)
    assert differences("EL038", CAUGHT, PASSED)
