"""Labels of a container that Traefik does not look at: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el027_not_enabled as rule
from tests.lint.support import found, project
from tests.lint.table import differences, service, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            enable="",
        )
        + traefik(),
        ["4 high Traefik does not look at `web`, which has a router and no `traefik.enable=true`"],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.usersfile=/users", enable="") + traefik(),
        ["4 high Traefik does not look at `web`, which has a middleware and no `traefik.enable=true`"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            enable="",
        )
        + service("a", "traefik.http.routers.a.rule=x")
        + service("b", "traefik.http.routers.b.rule=x"),
        [
            "4 low `web` has a router and no `traefik.enable=true`, which `a` and `b` have: a Traefik with `exposedbydefault=false` does not look at it"
        ],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        enable="",
    )
    + traefik(usual=("--providers.docker=true",)),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        enable="",
    ),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", enable="false") + traefik(),
    stack("traefik.docker.network=x", enable="") + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL027") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL027") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_says", lambda *_: True)
    assert differences("EL027", CAUGHT, PASSED)
