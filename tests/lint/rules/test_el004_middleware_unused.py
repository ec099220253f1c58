"""A middleware that no router uses: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el004_middleware_unused as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        ),
        ["7 high no router uses the middleware `auth`, so the router `web` is open to everyone"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=x@file",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        ),
        ["7 medium no router here uses the middleware `auth`, so it protects nothing"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.middlewares.zip.compress=true",
        ),
        ["7 info no router here uses the middleware `zip`: Traefik never applies it"],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.usersfile=/users"),
        ["5 medium no router here uses the middleware `auth`, so it protects nothing"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.middlewares.sso.forwardauth.address=http://login:9091/verify",
        ),
        ["7 medium no router here uses the middleware `sso`, so it protects nothing"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.middlewares.sso.forwardauth.address=http://web:9091/verify",
        ),
        ["7 info no router here uses the middleware `sso`: Traefik never applies it here"],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.middlewares=auth",
        "traefik.http.middlewares.auth.basicauth.usersfile=/users",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.middlewares=auth@docker",
        "traefik.http.middlewares.auth.basicauth.usersfile=/users",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.middlewares=all",
        "traefik.http.middlewares.all.chain.middlewares=auth",
        "traefik.http.middlewares.auth.basicauth.usersfile=/users",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.middlewares=${MIDDLEWARES}",
        "traefik.http.middlewares.auth.basicauth.usersfile=/users",
    ),
    stack("traefik.http.middlewares.auth.basicauth.usersfile=/users")
    + traefik("--entrypoints.websecure.http.middlewares=auth@docker"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL004") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL004") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_PROTECTS", ())
    assert differences("EL004", CAUGHT, PASSED)
