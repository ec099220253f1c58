"""A router name that another project is likely to use, too: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el026_generic_name as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
        ["5 info router names count on the whole engine: a second project with a router `web` removes both"],
    ),
    (
        stack("traefik.http.routers.API.rule=x") + traefik(),
        ["5 info router names count on the whole engine: a second project with a router `API` removes both"],
    ),
]
PASSED = [
    stack("traefik.http.routers.shop.rule=x"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik("--providers.docker.constraints=Label(`com.docker.compose.project`,`site`)"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL026") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL026") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_GENERIC", frozenset())
    assert differences("EL026", CAUGHT, PASSED)
