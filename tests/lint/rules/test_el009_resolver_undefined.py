"""A certificate resolver that Traefik does not have: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el009_resolver_undefined as rule
from tests.lint.support import found, project
from tests.lint.table import USUAL, differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.certresolver=letsencrypt",
        )
        + traefik(),
        [
            "7 high this Traefik has no certificate resolver `letsencrypt`, and `web` gets Traefik's own self-signed certificate"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.certresolver=LE",
        )
        + traefik(),
        ["7 high this Traefik has no certificate resolver `LE`, and `web` gets Traefik's own self-signed certificate"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.certresolver=le",
        ),
        ["7 info `le`: these files don't show Traefik's resolvers"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.certresolver=le",
        )
        + traefik(usual=USUAL[:4]),
        ["7 high this Traefik has no certificate resolver `le`, and `web` gets Traefik's own self-signed certificate"],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls.certresolver=le",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls.certresolver=${R}",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    ),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL009") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL009") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_OPTION", "tls.options")
    assert differences("EL009", CAUGHT, PASSED)
