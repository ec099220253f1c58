"""A forward-auth middleware that leaves its limits to Traefik: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el037_forward_auth_defaults as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.middlewares.m.forwardauth.address=http://sso"),
        [
            "5 info the middleware `m` doesn't say `trustforwardheader` or `maxresponsebodysize`: Traefik warns at each start"
        ],
    ),
    (
        stack(
            "traefik.http.middlewares.m.forwardauth.trustforwardheader=true",
            "traefik.http.middlewares.m.forwardauth.maxresponsebodysize=1",
        ),
        ["5 medium the middleware `m` has no address, and every request ends in 500"],
    ),
]
PASSED = [
    stack(
        "traefik.http.middlewares.m.forwardauth.address=http://sso",
        "traefik.http.middlewares.m.forwardauth.trustforwardheader=true",
        "traefik.http.middlewares.m.forwardauth.maxresponsebodysize=1",
    ),
    stack("traefik.http.middlewares.m.forwardauth.address=http://sso") + traefik(image="traefik:v3.0"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL037") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL037") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "is_at_least", lambda *_: False)
    assert differences("EL037", CAUGHT, PASSED)
