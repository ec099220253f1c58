"""A network label that names none of the service's networks: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el011_network_label as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

NETWORKS = "networks:\n  proxy: {}\n  shared: {name: shared}\n  out: {external: true}\n"
CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=proxy",
            more="networks: [proxy]",
        )
        + NETWORKS,
        ["7 medium `web` is not on a network that is called `proxy`, and Traefik warns"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=proxy",
            more="networks: [proxy, shared]",
        )
        + NETWORKS,
        ["7 high `web` is not on a network that is called `proxy`, and Traefik takes the first network that it finds"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=nope",
            more="networks: [shared]",
        )
        + NETWORKS,
        ["7 medium `web` is not on a network that is called `nope`, and Traefik warns"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=shard",
            more="networks: [shared, out]",
        )
        + NETWORKS,
        ["7 high `web` is not on a network that is called `shard`, and Traefik takes the first network that it finds"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=other_proxy",
            more="networks: [proxy]",
        )
        + NETWORKS,
        [
            "7 low `other_proxy` is a network of `web` only if the project is called `other`, and this folder makes it `site`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.docker.network=site_proxy",
            more="networks: [shared]",
        )
        + NETWORKS,
        ["7 medium `web` is not on a network that is called `site_proxy`, and Traefik warns"],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.docker.network=site_proxy",
        more="networks: [proxy]",
    )
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.docker.network=shared",
        more="networks: [shared]",
    )
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.docker.network=out",
        more="networks: [out]",
    )
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.docker.network=${N}",
        more="networks: [proxy]",
    )
    + NETWORKS,
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.docker.network=else",
        more="networks: [proxy, elsewhere]",
    )
    + NETWORKS,
    stack("traefik.docker.network=x", more="network_mode: host"),
    stack("traefik.docker.network=x", enable="false"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL011") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL011") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "network_label", lambda *_: None)
    assert differences("EL011", CAUGHT, PASSED)
