"""A middleware's option that can't work: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el106_option_cannot_work as rule
from tests.lint.edge_table import edge, said
from tests.lint.support import found, project
from tests.lint.table import differences, stack

RULE = "traefik.http.routers.web.rule=Host(`a.test`)"


def used(option: str, value: str) -> str:
    """A router with a middleware of one option."""
    return stack(RULE, "traefik.http.routers.web.middlewares=m", f"traefik.http.middlewares.m.{option}={value}")


CAUGHT = [
    (
        used("stripprefix.prefixes", "/a,api"),
        ["7 high the middleware `m` has the prefix `api`, which no path begins with: nothing is stripped"],
    ),
    (
        used("forwardauth.address", "authelia:9091/api"),
        ["7 high the middleware `m` has the address `authelia:9091/api`, which has no scheme: every request gets 500"],
    ),
    (
        used("redirectscheme.scheme", "htps"),
        ["7 high the middleware `m` redirects to `htps://`, which no browser knows"],
    ),
    (
        stack(RULE, "traefik.http.middlewares.m.redirectscheme.scheme=443"),
        ["6 medium the middleware `m` redirects to `443://`, which no browser knows"],
    ),
]
PASSED = [
    used("stripprefix.prefixes", "/a, /b"),
    used("stripprefix.prefixes", "${PREFIX}"),
    used("forwardauth.address", "http://authelia:9091/api"),
    used("forwardauth.address", "HTTPS://auth.example.com"),
    used("forwardauth.address", "${ADDRESS}"),
    used("redirectscheme.scheme", "https"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL106") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL106") == []


def test_a_dynamic_file() -> None:
    compose = edge("--entrypoints.web.address=:80", "--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']")
    text = "http: {middlewares: {m: {stripPrefix: {prefixes: [api]}}}}"
    expected = "1 medium the middleware `m` has the prefix `api`, which no path begins with: nothing is stripped"
    assert said("EL106", (compose, {"dyn/a.yml": text})) == [expected]


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_SCHEMES", ("http", "https", "htps", "443"))
    assert differences("EL106", CAUGHT, PASSED)
