"""Two routers for the same requests: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el024_same_rule as rule
from tests.lint.support import found, project
from tests.lint.table import differences, service, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.api.rule=Host(`a.test`)",
        ),
        ["5 low the router `web` has the same rule as `api`, on the same entrypoint: Traefik serves only one of them"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + service("two", "traefik.http.routers.two.rule=Host( `a.test` )"),
        [
            "12 medium the router `two` has the same rule as `web` of `web`, on the same entrypoint: Traefik serves only one of them"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=web,websecure",
            "traefik.http.routers.api.rule=Host(`a.test`)",
            "traefik.http.routers.api.entrypoints=web",
        ),
        ["5 low the router `web` has the same rule as `api`, on the same entrypoint: Traefik serves only one of them"],
    ),
]
PASSED = [
    # Traefik disables both, and EL018 says why.
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`,`b.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.api.rule=Host(`a.test`,`b.test`)",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=web",
        "traefik.http.routers.api.rule=Host(`a.test`)",
        "traefik.http.routers.api.entrypoints=websecure",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.api.rule=Host(`a.test`) && PathPrefix(`/api`)",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.api.rule=Host(`a.test`)",
        "traefik.http.routers.api.priority=9",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.api.rule=Host(`a.test`)",
        "traefik.http.routers.api.tls=true",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.api.rule=Host(`a.test`)",
        "traefik.http.routers.api.entrypoints=${E}",
    ),
    # A router without entrypoints is on the default ones only.
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=web",
        "traefik.http.routers.api.rule=Host(`a.test`)",
    )
    + traefik("--entrypoints.websecure.asdefault=true"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL024") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL024") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "may_meet", lambda *_: False)
    assert differences("EL024", CAUGHT, PASSED)
