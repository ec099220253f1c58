"""Labels on the wrong side of `deploy`: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el016_labels_misplaced as rule
from tests.lint.support import found, project
from tests.lint.table import USUAL, differences, stack, swarm, traefik

CAUGHT = [
    (
        swarm("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + traefik(),
        ["5 high `web` has its labels under `deploy`, and Traefik reads only the container's `labels`"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + traefik("--providers.swarm=true", usual=USUAL[2:]),
        ["4 high `web` has its labels on the container, and on a swarm Traefik reads only `deploy.labels`"],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    swarm("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
    swarm("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik("--providers.swarm=true", usual=USUAL[2:]),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
    swarm("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik("--providers.swarm=true"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL016") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL016") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_of_traefik", lambda _: {})
    assert differences("EL016", CAUGHT, PASSED)
