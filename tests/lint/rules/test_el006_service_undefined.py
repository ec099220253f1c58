"""A service that nobody defines: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el006_service_undefined as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.service=wbe",
        )
        + traefik(),
        ["7 high there is no service `wbe`: nothing defines it, and Traefik disables the router `web`"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.service=nope",
        )
        + traefik(),
        [
            "7 medium there is no service `nope`: nothing in these files defines it, and Traefik disables the router `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.service=ipa@internal",
        )
        + traefik(),
        ["7 high Traefik has no service `ipa@internal`, and Traefik disables the router `web`"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.service=ping@internal",
        )
        + traefik(),
        ["7 high `ping@internal` is turned off in this Traefik, and Traefik disables the router `web`"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.service=far@file",
        ),
        ["7 info `far@file`: these files don't show whether this service exists"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.middlewares=oops",
            "traefik.http.middlewares.oops.errors.service=nope",
        )
        + traefik(),
        [
            "8 medium there is no service `nope`: nothing in these files defines it, and Traefik disables every router that uses `oops`"
        ],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.service=web",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.service=web@docker",
    )
    + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.service=api@internal")
    + traefik("--api=true"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.service=noop@internal") + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.service=web-site") + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL006") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL006") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_INTERNAL", {})
    assert differences("EL006", CAUGHT, PASSED)
