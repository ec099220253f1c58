"""A container whose port Traefik can't know: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el014_port_missing as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, swarm

CAUGHT = [
    (
        swarm("traefik.http.routers.web.rule=Host(`a.test`)"),
        ["6 high the swarm service `web` has no port in its labels, and Traefik drops it"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)"),
        ["5 info `web`: no label says the port, and these files don't show which ports the image exposes"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", more="expose: [9000, 80]"),
        ["5 low `web` exposes 80, 9000, and Traefik takes the lowest, 80"],
    ),
    (
        stack(
            "traefik.http.routers.plain.rule=Host(`a.test`)",
            "traefik.http.routers.plain.middlewares=up",
            "traefik.http.middlewares.up.redirectscheme.scheme=https",
            "traefik.http.routers.web.rule=Host(`a.test`)",
            more="expose: [9000, 80]",
        ),
        ["8 low `web` exposes 80, 9000, and Traefik takes the lowest, 80"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.tls=true",
            "traefik.http.routers.web.middlewares=up",
            "traefik.http.middlewares.up.redirectscheme.scheme=https",
            more="expose: [9000, 80]",
        ),
        ["5 low `web` exposes 80, 9000, and Traefik takes the lowest, 80"],
    ),
    (
        swarm(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.services.two.loadbalancer.passhostheader=false",
        ),
        ["8 high the swarm service `web` has no port in its labels, and Traefik drops it"],
    ),
    (
        swarm(
            "traefik.tcp.routers.web.rule=HostSNI(`*`)",
            "traefik.tcp.services.web.loadbalancer.server.port=1",
            "traefik.http.middlewares.zip.compress=true",
        ),
        ["8 high the swarm service `web` has no port in its labels, and Traefik drops it"],
    ),
]
CAUGHT += [
    (swarm(), ["5 high the swarm service `web` has no port in its labels, and Traefik drops it"]),
    (
        swarm("traefik.docker.network=edge"),
        ["5 high the swarm service `web` has no port in its labels, and Traefik drops it"],
    ),
]
PASSED = [
    swarm("traefik.port=80", "traefik.frontend.rule=Host:a.test"),
    swarm("traefik.http.routers.${NAME}.rule=Host(`a.test`)"),
    swarm().replace("enable=true", "enable=false"),
    stack(),
    swarm("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", more="expose: [80]"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.service=api@internal",
        more="ports: ['80:80', '443:443']",
    ),
    stack(
        "traefik.http.routers.plain.rule=Host(`a.test`)",
        "traefik.http.routers.plain.middlewares=up@docker",
        "traefik.http.middlewares.up.redirectscheme.scheme=https",
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.service=api@internal",
        more="ports: ['80:80', '443:443']",
    ),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", more='ports: ["8080:80"]'),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.url=http://x"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=${PORT}"),
    swarm("traefik.tcp.routers.web.rule=HostSNI(`*`)", "traefik.tcp.services.web.loadbalancer.server.port=1"),
    stack(enable="false"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL014") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL014") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_PORT", "loadbalancer.server.scheme")
    assert differences("EL014", CAUGHT, PASSED)
