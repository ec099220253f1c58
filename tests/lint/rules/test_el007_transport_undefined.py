"""A servers transport that nobody defines: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el007_transport_undefined as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.services.web.loadbalancer.serverstransport=lax",
        )
        + traefik(),
        [
            "7 high there is no servers transport `lax`: labels can't define one, and Traefik disables every router of the service `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.services.web.loadbalancer.serverstransport=lax@file",
        )
        + traefik(),
        [
            "7 high there is no servers transport `lax@file`: this Traefik has no file provider, and Traefik disables every router of the service `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.services.web.loadbalancer.serverstransport=lax@file",
        ),
        ["7 info `lax@file`: these files don't show whether this servers transport exists"],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.services.web.loadbalancer.serverstransport=default@internal",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.services.web.loadbalancer.serverstransport=${X}",
    )
    + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL007") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL007") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "OF_LABELS", ())
    assert differences("EL007", CAUGHT, PASSED)
