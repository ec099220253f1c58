"""A label that Traefik silently ignores: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el002_label_ignored as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, swarm, traefik

CAUGHT = [
    (
        stack(
            "traefik.http.routers.Web.rule=Host(`a.test`)",
            "traefik.http.routers.web.rule=Host(`b.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
        ),
        [
            "5 medium `traefik.http.routers.Web.rule`: `traefik.http.routers.web.rule` says it again, and counts, and Traefik silently ignores it"
        ],
    ),
    (
        stack("traefik.frontend.rule=Host:a.test"),
        ["5 medium `traefik.frontend.rule`: `frontend` is a word of Traefik 1, and Traefik silently ignores it"],
    ),
    (
        stack("traefik.port=80", "traefik.frontend.rule=Host:a.test", "traefik.backend=web"),
        ["5 medium `traefik.port` and 2 other labels are for Traefik 1, and Traefik silently ignores them"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.port=80", "traefik.backend=web"),
        ["6 low `traefik.port` and 1 other label are for Traefik 1, and Traefik silently ignores them"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.port=80"),
        ["6 low `traefik.port`: `port` is a word of Traefik 1, and Traefik silently ignores it"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.tls=yes"),
        [
            "6 medium `traefik.http.routers.web.tls`: here only `true` is true, and `yes` is not, and Traefik reads it as false"
        ],
    ),
    (
        stack("traefik.tls.options.modern.minversion=VersionTLS13"),
        [
            "5 medium `traefik.tls.options.modern.minversion`: TLS options, certificates and stores belong in a file, and Traefik silently ignores it"
        ],
    ),
    (
        stack("traefik.entrypoints.web.address=:80"),
        [
            "5 medium `traefik.entrypoints.web.address`: `entrypoints` is an option of Traefik's own start, and Traefik silently ignores it"
        ],
    ),
    (
        stack("traefik.certificatesresolvers.le.acme.email=a@b.test"),
        [
            "5 medium `traefik.certificatesresolvers.le.acme.email`: `certificatesresolvers` is an option of Traefik's own start, and Traefik silently ignores it"
        ],
    ),
    (
        stack("traefik.http.serverstransports.lax.insecureskipverify=true"),
        [
            "5 medium `traefik.http.serverstransports.lax.insecureskipverify`: `serverstransports` can only be in a file, and Traefik silently ignores it"
        ],
    ),
    (
        stack("traefik.enalbe=true"),
        ["5 medium `traefik.enalbe`: the word `enalbe` is unknown there, and Traefik silently ignores it"],
    ),
    (
        stack("traefik-enable=true"),
        ["5 medium `traefik-enable`: the words of a label are separated by dots, and Traefik silently ignores it"],
    ),
    (
        stack("treafik.http.routers.web.rule=Host(`a.test`)"),
        [
            "5 medium `treafik.http.routers.web.rule`: the word `treafik` is unknown there, and Traefik silently ignores it"
        ],
    ),
    (
        stack("traefik.swarm.network=edge"),
        ["5 medium `traefik.swarm.network`: only Traefik's swarm provider reads it, and Traefik silently ignores it"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.tls=true")
        + traefik(image="traefik:1.7"),
        [
            "5 medium `traefik.http.routers.web.rule`: Traefik 1.7 has other labels, and silently ignores it",
        ],
    ),
    (
        stack("traefik.foo.bar=1"),
        ["5 low `traefik.foo.bar`: the word `foo` is unknown there, and Traefik silently ignores it"],
    ),
    (
        stack("traefik.http.routers.web.middlewares=a@file", "traefik.http.routers.web.middlewares=b@file"),
        [
            "5 medium `traefik.http.routers.web.middlewares` is in this list again, with another value: Compose takes the last, and ignores this one"
        ],
    ),
    (
        swarm("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.rule=Host(`b.test`)"),
        [
            "6 medium `traefik.http.routers.web.rule` is in this list again, with another value: Compose takes the last, and ignores this one"
        ],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.routers.web.rule=Host(`a.test`)"),
    stack("other=1", "other=2", "alone", "alone"),
    stack("traefik.frontend.rule=Host:a.test") + traefik(image="traefik:1.7"),
    stack("traefik.frontend.rule=Host:a.test", "traefik.http.routers.web.rule=Host(`a.test`)")
    + traefik(image="traefik:1.7"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)") + traefik(image="ghcr.io/acme/traefik:1"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"),
    stack("traefik.constraint-label=public"),
    stack("traefik.http.routers.web.tls=true"),
    stack("com.example.name=1"),
    stack("traefik.zone=public") + traefik("--providers.docker.constraints=Label(`traefik.zone`,`public`)"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL002") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL002") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_STATIC", frozenset())
    assert differences("EL002", CAUGHT, PASSED)
