"""A password hash in a label: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el033_hash_in_label as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack("traefik.http.middlewares.auth.basicauth.users=a:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/"),
        ["5 info the passwords of `auth` are in a label, which anyone with access to the engine's API can read"],
    ),
    (
        stack("traefik.http.middlewares.auth.digestauth.users=a:r:0123"),
        ["5 info the passwords of `auth` are in a label, which anyone with access to the engine's API can read"],
    ),
]
PASSED = [
    stack("traefik.http.middlewares.auth.basicauth.usersfile=/users"),
    stack("traefik.http.middlewares.auth.basicauth.users="),
    stack("traefik.http.middlewares.auth.basicauth.users=${USERS}"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL033") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL033") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_OPTIONS", ())
    assert differences("EL033", CAUGHT, PASSED)
