"""A middleware that nobody defines: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el005_middleware_undefined as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=auht",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        )
        + traefik(),
        ["6 high there is no middleware `auht`: nothing defines it, and Traefik disables the router `web`"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=auht",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        ),
        [
            "6 medium there is no middleware `auht`: nothing in these files defines it, and Traefik disables the router `web`"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.middlewares=nope") + traefik(),
        [
            "6 medium there is no middleware `nope`: nothing in these files defines it, and Traefik disables the router `web`"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.middlewares=gate@file")
        + traefik(),
        [
            "6 high there is no middleware `gate@file`: this Traefik has no file provider, and Traefik disables the router `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=auth@dokcer",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        )
        + traefik(),
        [
            "6 high there is no middleware `auth@dokcer`: Traefik has no provider `dokcer`, and Traefik disables the router `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=Auth",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        )
        + traefik(),
        ["6 high there is no middleware `Auth`: nothing defines it, and Traefik disables the router `web`"],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=auth@swarm",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        )
        + traefik(),
        [
            "6 high there is no middleware `auth@swarm`: this Traefik has no provider `swarm`, and Traefik disables the router `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=all",
            "traefik.http.middlewares.all.chain.middlewares=nope",
        )
        + traefik(),
        [
            "7 medium there is no middleware `nope`: nothing in these files defines it, and Traefik disables every router that uses `all`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=authelia@docker,gate@file",
        ),
        ["6 info `authelia@docker`, `gate@file`: these files don't show whether these middlewares exist"],
    ),
    (
        stack(
            "traefik.tcp.routers.web.rule=HostSNI(`*`)",
            "traefik.tcp.routers.web.middlewares=auth",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        )
        + traefik(),
        [
            "6 medium there is no middleware `auth`: nothing in these files defines it, and Traefik disables the router `web`"
        ],
    ),
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.middlewares=auth,",
            "traefik.http.middlewares.auth.basicauth.usersfile=/users",
        )
        + traefik(),
        [
            "6 high the list has a comma too many: Traefik looks for a middleware without a name, and Traefik disables the router `web`"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.middlewares=nope@internal")
        + traefik(),
        [
            "6 high there is no middleware `nope@internal`: Traefik itself has none of this name, and Traefik disables the router `web`"
        ],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.middlewares=auth, auth@docker",
        "traefik.http.middlewares.auth.basicauth.usersfile=/users",
    )
    + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.middlewares=${MIDDLEWARES}")
    + traefik(),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + traefik(),
    stack(enable="false") + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL005") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL005") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "reported", lambda *_: iter(()))
    assert differences("EL005", CAUGHT, PASSED)
