"""A service that its Traefik can't reach: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el013_network_not_shared as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

NETWORKS = "networks:\n  proxy: {}\n  shared: {name: shared}\n  out: {external: true}\n"
CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            more="networks: [proxy]",
        )
        + traefik(more="networks: [shared]")
        + NETWORKS,
        ["2 high `web` shares no network with Traefik (`traefik`): requests end in 504"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", more="network_mode: bridge") + traefik(),
        ["7 high `web` is on Docker's default bridge, and Traefik is not: requests end in 504"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=out",
            more="networks: [shared, out]",
        )
        + traefik(more="networks: [shared]")
        + NETWORKS,
        ["7 high the label sends Traefik to `out`, and Traefik is not on it: requests end in 504"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            more="networks: [proxy]",
        )
        + traefik()
        + NETWORKS,
        ["2 high `web` shares no network with Traefik (`traefik`): requests end in 504"],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", more="network_mode: bridge"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", more="network_mode: bridge")
    + traefik(more="network_mode: bridge"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", more="network_mode: bridge", enable="false") + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", more="network_mode: service:vpn") + traefik(),
    stack(more="network_mode: bridge", enable="") + traefik(),
    # Swarm ignores it.
    """\
services:
  traefik:
    image: traefik:v3.7
    command: ["--providers.swarm=true"]
    deploy: {replicas: 1}
  web:
    image: nginx:1.27
    network_mode: bridge
    deploy: {labels: {traefik.enable: "true", "traefik.http.routers.web.rule": "Host(`a.test`)"}}
""",
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        more="networks: [shared]",
    )
    + traefik(more="networks: [shared]")
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        more="networks: [proxy]",
    )
    + traefik(more="network_mode: host")
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.service=far@file",
        more="networks: [proxy]",
    )
    + traefik(more="networks: [shared]")
    + NETWORKS,
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        more="networks: [proxy]",
    )
    + NETWORKS,
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL013") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL013") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "routed_containers", lambda _: ())
    assert differences("EL013", CAUGHT, PASSED)
