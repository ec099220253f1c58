"""A router whose TLS does not fit its entrypoint: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el029_tls_mismatch as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=websecure",
        )
        + traefik(),
        ["7 medium the router `web` has no TLS and is on `websecure`: https gets 404"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=websecure",
        ),
        [
            "7 info the router `web` has no TLS and is on `websecure`: https gets 404, unless the entrypoint has TLS itself"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=web",
            "traefik.http.routers.web.tls=true",
        )
        + traefik(),
        ["7 medium the router `web` has TLS and is only on `web`: plain http gets 404"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.entrypoints=web",
            "traefik.http.routers.web.tls.certresolver=le",
        ),
        ["7 low the router `web` has TLS and is only on `web`: plain http gets 404"],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=websecure",
        "traefik.http.routers.web.tls=yes",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=websecure",
        "traefik.http.routers.web.tls=true",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=web",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=websecure",
    )
    + traefik("--entrypoints.websecure.http.tls.certresolver=le"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=websecure",
        "traefik.http.routers.web.tls=${T}",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.entrypoints=web,websecure",
        "traefik.http.routers.web.tls=true",
    )
    + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL029") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL029") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_SECURE", frozenset())
    assert differences("EL029", CAUGHT, PASSED)
