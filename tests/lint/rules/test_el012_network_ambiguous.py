"""A service on several networks that does not say which one Traefik uses: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el012_network_ambiguous as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

NETWORKS = "networks:\n  proxy: {}\n  shared: {name: shared}\n  out: {external: true}\n"
CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            more="networks: [shared, out]",
        )
        + traefik(more="networks: [shared]")
        + NETWORKS,
        [
            "2 medium `web` is on several networks (shared, out), and Traefik is not on all of them: Traefik may take one that it can't reach"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            more="networks: [shared, out]",
        )
        + NETWORKS,
        [
            "2 low `web` is on several networks (shared, out): Traefik may take one that it can't reach, unless it has `providers.docker.network`"
        ],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        more="networks: [shared, out]",
    )
    + traefik(more="networks: [shared, out]")
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        more="networks: [shared, out]",
    )
    + traefik("--providers.docker.network=shared", more="networks: [shared]")
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.docker.network=out",
        more="networks: [shared, out]",
    )
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        more="networks: [shared]",
    )
    + NETWORKS,
    stack(more="networks: [shared, out]") + NETWORKS,
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL012") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL012") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_shares_all", lambda *_: True)
    assert differences("EL012", CAUGHT, PASSED)
