"""TLS options that Traefik can't apply: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el039_tls_options_unused as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack("traefik.http.routers.web.rule=PathPrefix(`/api`)", "traefik.http.routers.web.tls.options=modern@file"),
        ["6 medium the rule of `web` names no host, so Traefik does not apply its TLS options"],
    ),
    (
        stack("traefik.http.routers.web.rule=!Host(`a.test`)", "traefik.http.routers.web.tls.options=modern@file"),
        ["6 medium the rule of `web` names no host, so Traefik does not apply its TLS options"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.tls.options=modern@file",
            "traefik.http.routers.b.rule=Host(`a.test`) && Path(`/b`)",
            "traefik.http.routers.b.tls.options=old@file",
        ),
        ["6 medium `web` and `b` have one host and different TLS options: Traefik uses the default ones for it"],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.tls.options=modern@file"),
    stack("traefik.http.routers.web.rule=PathPrefix(`/api`)", "traefik.http.routers.web.tls.options=default"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.tls.options=modern@file",
        "traefik.http.routers.b.rule=Host(`b.test`)",
        "traefik.http.routers.b.tls.options=old@file",
    ),
    stack("traefik.http.routers.web.rule=Host(`${DOMAIN}`)", "traefik.http.routers.web.tls.options=modern@file"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.tls.options=modern@file",
        "traefik.http.routers.b.rule=Host(`a.test`) && Path(`/b`)",
        "traefik.http.routers.b.tls.options=modern@file",
    ),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL039") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL039") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_HOSTS", ())
    assert differences("EL039", CAUGHT, PASSED)
