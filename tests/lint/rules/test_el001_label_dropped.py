"""A label that makes Traefik drop the whole container: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el001_label_dropped as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.routers.web.observability.accesslogs=false") + traefik(image="traefik:v3.0.4"),
        [
            "5 high `traefik.http.routers.web.observability.accesslogs`: the word `observability` is unknown there: it came with Traefik 3.3, and Traefik drops the whole container for it"
        ],
    ),
    (
        stack("traefik.http.routers.web.tls.certresolvers=le"),
        [
            "5 high `traefik.http.routers.web.tls.certresolvers`: the word `certresolvers` is unknown there, and Traefik drops the whole container for it"
        ],
    ),
    (
        stack(enable="yes"),
        ["4 high `traefik.enable`: `yes` is not `true` or `false`, and Traefik drops the whole container for it"],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.user=a:b"),
        [
            "5 high `traefik.http.middlewares.auth.basicauth.user`: the word `user` is unknown there, and Traefik drops the whole container for it"
        ],
    ),
    (
        stack("traefik.http.routers.web.rule=x", "traefik.http.routers.web.tls.certresolvers"),
        [
            "6 high `traefik.http.routers.web.tls.certresolvers`: the word `certresolvers` is unknown there, and Traefik drops the whole container for it"
        ],
    ),
    (
        stack("Traefik.http.routers.web.rule=x"),
        [
            "5 high `Traefik.http.routers.web.rule`: it must begin with `traefik` in lower case, and Traefik drops the whole container for it"
        ],
    ),
    (
        stack("traefik.http.routers.web.tls.certresolvers=le", enable="false"),
        [
            "5 low `traefik.http.routers.web.tls.certresolvers`: the word `certresolvers` is unknown there, and Traefik drops the whole container for it"
        ],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.observability.accesslogs=false") + traefik(),
    stack("traefik.http.services.(@= name @).loadbalancer.server.port=80"),
    stack("traefik.http.routers.${NAME}.rule=x"),
    stack("traefik.http.routers.web.${TLS}"),
    stack("traefik.http.routers.web.${TLS:-tls=true}"),
    stack("traefik.http.routers.web.tls.certresolver=le"),
    stack(enable="${ON}"),
    stack("com.example.traefik.nonsense=1"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL001") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL001") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "label_faults", lambda _: ())
    assert differences("EL001", CAUGHT, PASSED)
