"""A health check without ping: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el055_healthcheck_without_ping as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--api=true", more="healthcheck: {test: [CMD, traefik, healthcheck, --ping]}"), {}),
        ["6 high the health check asks Traefik for a ping, and `ping` is off"],
    ),
    (
        (edge("--ping=true", more="healthcheck: {test: [CMD, traefik, healthcheck]}"), {}),
        ["6 high `traefik healthcheck` does not see the server's flags, and says `please enable ping`"],
    ),
    (
        (edge("--api=true", more="healthcheck: {test: 'wget -qO- http://127.0.0.1:8080/ping || exit 1'}"), {}),
        ["6 medium the health check asks for `/ping`, and `ping` is off"],
    ),
]
PASSED: list[Row] = [
    (edge("--ping=true", more="healthcheck: {test: traefik healthcheck --ping}"), {}),
    (edge(more="environment: [TRAEFIK_PING=true]\nhealthcheck: {test: [CMD, traefik, healthcheck]}"), {}),
    (edge("--ping=true", more="healthcheck: {test: 'wget -qO- http://127.0.0.1:8080/ping'}"), {}),
    (edge("--ping=true", more="healthcheck: {disable: true}"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL055", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL055", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "is_on", lambda *_: True)
    assert differs("EL055", CAUGHT, PASSED)
