"""A router's rule that Traefik can't read: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el018_rule_invalid as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`,`b.test`)"),
        [
            "5 medium Traefik 3 can't read the rule of `web`, and disables the router: Host takes 1 argument, not 2: join with `||`"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(a.test)"),
        [
            "5 high Traefik 3 can't read the rule of `web`, and disables the router: Traefik can't read the rule from `.test)` on: arguments must be in backticks"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=HostHeader(`a.test`)"),
        [
            "5 medium Traefik 3 can't read the rule of `web`, and disables the router: Traefik 3 doesn't know the matcher `HostHeader`"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`) && PathPrefix(`x`)"),
        ["5 high Traefik 3 can't read the rule of `web`, and disables the router: the path `x` must start with `/`"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`,`b.test`) && Path(`/x`)"),
        [
            "5 medium Traefik 3 can't read the rule of `web`, and disables the router: Host takes 1 argument, not 2: join with `||`"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Hots(`a.test`)"),
        [
            "5 high Traefik 3 can't read the rule of `web`, and disables the router: Traefik 3 doesn't know the matcher `Hots`; did you mean `Host`?"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`"),
        ["5 high Traefik 3 can't read the rule of `web`, and disables the router: `)` is missing"],
    ),
    (
        stack("traefik.tcp.routers.web.rule=Host(`a.test`)"),
        [
            "5 high Traefik 3 can't read the rule of `web`, and disables the router: Traefik 3 doesn't know the matcher `Host`; did you mean `HostSNI`?"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`*.a.test`)") + traefik(image="traefik:v3.6.2"),
        ["5 medium before Traefik 3.7 no host matches the `*` in the rule of `web`"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test:8080`)"),
        ["5 medium no request is for the host `a.test:8080`, which the rule of `web` asks for"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test,b.test`)"),
        ["5 medium no request is for the host `a.test,b.test`, which the rule of `web` asks for"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`https://a.test`)"),
        ["5 medium no request is for the host `https://a.test`, which the rule of `web` asks for"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`,`b.test`)") + traefik(),
        [
            "5 high Traefik can't read the rule of `web`, and disables the router: Host takes 1 argument, not 2: join with `||`"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=HostRegexp(`{sub:[a-z]+}.a.test`)") + traefik(),
        ["5 medium Traefik 3 reads `{sub:[a-z]+}` in the rule of `web` literally: no request matches it"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`{sub:docs|wiki}.a.test`)") + traefik(),
        ["5 medium Traefik 3 reads `{sub:docs|wiki}` in the rule of `web` literally: no request matches it"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`) && Path(`/a/{id}`)") + traefik(),
        ["5 medium Traefik 3 reads `{id}` in the rule of `web` literally: no request matches it"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`) && PathPrefix(`/app/*`)"),
        ["5 medium `*` in a path is a plain character: no request matches it in the rule of `web`"],
    ),
    (
        stack("traefik.http.routers.web.rule=Path(`/app?x=1`)") + traefik(image="traefik:v2.11"),
        ["5 medium `?` in a path is a plain character: no request matches it in the rule of `web`"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`) && PathPrefix(`/{tenant}/x`)") + traefik(),
        ["5 medium Traefik 3 reads `{tenant}` in the rule of `web` literally: no request matches it"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`) && Query(`mobile=true`)") + traefik(),
        ["5 medium Traefik 3 looks for a parameter called `mobile=…` in the rule of `web`"],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Query(`mobile=true`)") + traefik(image="traefik:v2.11"),
    stack("traefik.http.routers.web.rule=PathRegexp(`^/a*(b?)$`) && Query(`a`, `b=c`)") + traefik(),
    stack("traefik.http.routers.web.rule=HostRegexp(`{sub:[a-z]+}.a.test`)") + traefik(image="traefik:v2.11"),
    stack("traefik.http.routers.web.rule=HostRegexp(`{sub:[a-z]+}.a.test`)", "traefik.http.routers.web.rulesyntax=v2")
    + traefik(),
    stack("traefik.http.routers.web.rule=HostRegexp(`^[a-z]{2,3}\\p{Greek}.a.test`) || PathRegexp(`^/{id}`)")
    + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`) || Host(`b.test`)"),
    stack("traefik.http.routers.web.rule=Host(`${DOMAIN}`)"),
    stack("traefik.http.routers.web.rule=Host(`www.<domain>`)"),
    stack("traefik.http.routers.web.rule=Host(`[::1]`) && Path(`/`)"),
    stack("traefik.http.routers.web.rule=Host(`*.a.test`)"),
    stack("traefik.http.routers.web.rule="),
    stack("traefik.http.routers.web.rule=Host(`a.test`,`b.test`)", "traefik.http.routers.web.rulesyntax=v2"),
    stack("traefik.http.routers.web.rule=Host(`a.test`,`b.test`)") + traefik(image="traefik:v2.11"),
    stack("traefik.http.routers.web.rule=Host(`a.test`,`b.test`)") + traefik("--core.defaultRuleSyntax=v2"),
    stack("traefik.tcp.routers.web.rule=HostSNI(`*`)"),
    stack("traefik.http.routers.web.rule=Host(`a.test`) && (PathPrefix(`/x`) || Header(`k`, `v`))"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL018") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL018") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "syntax_of", lambda *_: None)
    monkeypatch.setattr(rule, "fault_of", lambda *_: "")
    assert differences("EL018", CAUGHT, PASSED)
