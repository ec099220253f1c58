"""An entrypoint that Traefik does not have: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el010_entrypoint_undefined as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=https",
        )
        + traefik(),
        ["7 high this Traefik has no entrypoint `https`, and the router `web` is disabled"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=web,websecur",
        )
        + traefik(),
        ["7 medium this Traefik has no entrypoint `websecur`, and ignores the name"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=WEB",
        )
        + traefik(),
        ["7 high this Traefik has no entrypoint `WEB`, and the router `web` is disabled"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=web,",
        )
        + traefik(),
        ["7 low the list of entrypoints of `web` has a comma too many, and Traefik complains"],
    ),
    (
        stack("traefik.udp.routers.web.service=web", "traefik.udp.services.web.loadbalancer.server.port=53")
        + traefik(),
        ["5 high Traefik disables the UDP router `web`: it names no entrypoint"],
    ),
    (
        stack("traefik.udp.routers.web.entrypoints=websecure", "traefik.udp.services.web.loadbalancer.server.port=53")
        + traefik(),
        ["5 high the UDP router `web` names `websecure`, an entrypoint for TCP, and the router is disabled"],
    ),
    (
        stack(
            "traefik.tcp.routers.web.rule=HostSNI(`*`)",
            "traefik.tcp.services.web.loadbalancer.server.port=53",
            "traefik.tcp.routers.web.entrypoints=web,dns",
        )
        + traefik("--entrypoints.dns.address=:53/udp"),
        ["7 medium the TCP router `web` names `dns`, an entrypoint for UDP, and the router ignores it"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=web",
        ),
        ["7 info `web`: these files don't show Traefik's entrypoints"],
    ),
]
PASSED = [
    stack("traefik.udp.routers.web.entrypoints=dns", "traefik.udp.services.web.loadbalancer.server.port=53")
    + traefik("--entrypoints.dns.address=:53/udp"),
    stack("traefik.udp.routers.web.entrypoints=dns", "traefik.udp.services.web.loadbalancer.server.port=53")
    + traefik("--entrypoints.dns.address=${DNS}"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=web,websecure",
    )
    + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=${E}",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=traefik",
    )
    + traefik("--api=true"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL010") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL010") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_OPTION", "middlewares")
    assert differences("EL010", CAUGHT, PASSED)
