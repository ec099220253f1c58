"""A Traefik that publishes every container: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el051_exposed_by_default as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    ((edge("--providers.docker=true"), {}), ["5 low `providers.docker` publishes every container with a port"]),
    (
        (edge("--providers.swarm.exposedbydefault=true", "--providers.docker.exposedbydefault=false"), {}),
        ["5 low `providers.swarm` publishes every service with a port"],
    ),
]
PASSED: list[Row] = [
    (edge("--providers.docker.exposedbydefault=false"), {}),
    (edge("--providers.docker=true", "--providers.docker.constraints=Label(`a`,`b`)"), {}),
    (edge("--providers.docker.exposedbydefault=${X}"), {}),
    (edge("--ping"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL051", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL051", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "is_on", lambda *_: False)
    assert differs("EL051", CAUGHT, PASSED)
