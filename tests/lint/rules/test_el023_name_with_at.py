"""A name with an `@`: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el023_name_with_at as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web@x.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"
        ),
        ["5 high the router `web@x` leads nowhere: Traefik looks for its service at the provider `x`"],
    ),
    (
        stack("traefik.http.middlewares.auth@docker.compress=true"),
        ["5 medium nothing can use the middleware `auth@docker`: a name that is defined has no `@`"],
    ),
    (
        stack("traefik.http.services.web@file.loadbalancer.server.port=80"),
        ["5 medium nothing can use the service `web@file`: a name that is defined has no `@`"],
    ),
    (
        stack(
            "traefik.http.routers.web@docker.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
        ),
        ["5 low Traefik calls this router `web@docker@docker`: a name that is defined has no `@`"],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.middlewares=auth@docker"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL023") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL023") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "SINGULAR", {"routers": "", "services": "", "middlewares": ""})
    assert differences("EL023", CAUGHT, PASSED)
