"""A label that Traefik 3 warns about or ignores: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el036_label_deprecated as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.middlewares.m.ipwhitelist.sourcerange=10.0.0.0/8"),
        ["5 low `traefik.http.middlewares.m.ipwhitelist.sourcerange` is deprecated, and Traefik 3 warns about it"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.rulesyntax=v2"),
        ["6 low `traefik.http.routers.web.rulesyntax` is deprecated, and Traefik 3 warns about it"],
    ),
    (
        stack("traefik.http.middlewares.m.headers.sslredirect=true"),
        ["5 low `traefik.http.middlewares.m.headers.sslredirect` does nothing in Traefik 3"],
    ),
    (
        stack("traefik.http.middlewares.m.stripprefix.forceslash=true"),
        ["5 low `traefik.http.middlewares.m.stripprefix.forceslash` is deprecated, and Traefik 3 warns about it"],
    ),
]
PASSED = [
    stack("traefik.http.middlewares.m.ipallowlist.sourcerange=10.0.0.0/8"),
    stack("traefik.http.middlewares.m.ipwhitelist.sourcerange=10.0.0.0/8") + traefik(image="traefik:v2.11"),
    stack("traefik.http.middlewares.m.headers.stsseconds=1"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL036") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL036") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_WARNED", {})
    assert differences("EL036", CAUGHT, PASSED)
