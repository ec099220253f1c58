"""A hash whose dollar signs Compose takes for variables: what is caught, and what is not."""

from __future__ import annotations

import re

import pytest

from edgegen.lint.rules import el032_dollar_not_doubled as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack("traefik.http.middlewares.auth.basicauth.users=a:$apr1$ruca84Hq$mbjdMZBAG.KWn7vfN/SNK/"),
        [
            "5 high Compose takes the `$` in the hash of `traefik.http.middlewares.auth.basicauth.users` for variables, and Traefik gets a broken hash"
        ],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.users=a:$2y$05$abc"),
        [
            "5 high Compose takes the `$` in the hash of `traefik.http.middlewares.auth.basicauth.users` for variables, and Traefik gets a broken hash"
        ],
    ),
]
PASSED = [
    stack("traefik.http.middlewares.auth.basicauth.users=a:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/"),
    stack("traefik.http.middlewares.auth.basicauth.users=${USERS}"),
    stack("traefik.http.routers.web.rule=HostRegexp(`^a$`)"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL032") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL032") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_HASH", re.compile("nothing"))
    assert differences("EL032", CAUGHT, PASSED)
