"""A priority above what Traefik allows: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el025_priority_too_high as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack("traefik.http.routers.web.priority=9223372036854775807"),
        ["5 high Traefik disables the router `web`: its priority is above 9223372036854774807"],
    ),
    (
        stack("traefik.http.routers.web.priority=9223372036854774808"),
        ["5 high Traefik disables the router `web`: its priority is above 9223372036854774807"],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.priority=9223372036854774807"),
    stack("traefik.http.routers.web.priority=-5"),
    stack("traefik.http.routers.web.priority=${P}"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL025") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL025") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "MAX_PRIORITY", 2**63)
    assert differences("EL025", CAUGHT, PASSED)
