"""Labels of one provider for the other: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el017_provider_mixed as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, swarm, traefik

CAUGHT = [
    (
        swarm(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=x",
        ),
        ["8 low `traefik.docker.network` is for containers: on a swarm Traefik 3 reads it with a warning"],
    ),
    (
        swarm(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=x",
            "traefik.swarm.network=x",
        ),
        [
            "8 high `web` has `traefik.docker.network` and `traefik.swarm.network`, and Traefik drops a service with both"
        ],
    ),
]
PASSED = [
    swarm(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.docker.network=x",
    )
    + traefik(image="traefik:v3.1.7"),
    swarm(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.swarm.network=x",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.docker.network=x",
    ),
    swarm(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.docker.network=x",
    )
    + traefik(image="traefik:v2.11"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL017") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL017") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "edge_of", lambda project: type("E", (), {"provider": "docker"}))
    assert differences("EL017", CAUGHT, PASSED)


def test_it_is_fixed_only_for_a_traefik_that_is_known_to_read_the_new_label() -> None:
    compose = swarm("traefik.http.services.web.loadbalancer.server.port=80", "traefik.docker.network=x")
    for more, is_fixed in [("", False), (traefik(usual=["--providers.swarm=true"]), True)]:
        assert [item.fix is not None for item in rule.check(project(compose + more))] == [is_fixed]
