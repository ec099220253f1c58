"""A TLS router that gets Traefik's own certificate: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el031_default_certificate as rule
from tests.lint.support import found, project
from tests.lint.table import USUAL, differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls=true",
        )
        + traefik(),
        ["7 low the router `web` has TLS and no `certresolver`: Traefik's own certificate serves it"],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    )
    + "  b:\n    image: app:1\n    labels: ['traefik.http.routers.b.tls.domainsforeverything[0].main=*.test']\n"
    + traefik(),
    stack(  # EL001 says it
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls.certresolvers=le",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls.certresolver=le",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    )
    + traefik(usual=USUAL[:4]),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    )
    + traefik("--entrypoints.websecure.http.tls.certresolver=le"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
        "traefik.http.routers.b.rule=Host(`a.test`) && Path(`/b`)",
        "traefik.http.routers.b.tls.certresolver=le",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
        "traefik.http.routers.b.tls.domains[0].main=*.test",
    )
    + traefik(),
    stack("traefik.tcp.routers.b.rule=HostSNI(`a.test`)", "traefik.tcp.routers.b.tls.passthrough=true") + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL031") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL031") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_lacks", lambda _: False)
    assert differences("EL031", CAUGHT, PASSED)
