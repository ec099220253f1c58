"""TLS options that nobody defines: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el008_tls_options_undefined as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.options=modern@internal",
        )
        + traefik(),
        [
            "7 high there is no TLS option set `modern@internal`: Traefik itself has none of this name, and Traefik disables the router `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.options=modern",
        )
        + traefik(),
        ["7 high there are no TLS options `modern`: labels can't define any, and Traefik disables the router `web`"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.options=default@file",
        )
        + traefik(),
        [
            "7 high there are no TLS options `default@file`: the default ones have no provider, and Traefik disables the router `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.options=modern@file",
        )
        + traefik(),
        [
            "7 high there is no TLS option set `modern@file`: this Traefik has no file provider, and Traefik disables the router `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls.options=modern@file",
        ),
        ["7 info `modern@file`: these files don't show whether this TLS option set exists"],
    ),
    (
        stack("traefik.tcp.routers.web.tls.options=modern") + traefik(),
        ["5 high there are no TLS options `modern`: labels can't define any, and Traefik disables the router `web`"],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls.options=default",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    )
    + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL008") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL008") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_DEFAULT", "")
    assert differences("EL008", CAUGHT, PASSED)
