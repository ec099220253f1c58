"""Labels that no provider reads: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el049_provider_missing as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (
            edge("--entrypoints.web.address=:80")
            + '  web:\n    image: app:1\n    labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
            {},
        ),
        ["2 high this Traefik has no provider that reads labels: those of `web` have no effect"],
    ),
    (
        (
            edge(more="volumes: ['./t.yml:/traefik.yml']")
            + '  web:\n    image: app:1\n    deploy:\n      labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
            {"t.yml": "providers: {docker: {}}\n"},
        ),
        ["1 high `providers.docker` does not see the labels of a swarm's services: those of `web` have no effect"],
    ),
    (
        (
            edge(more="volumes: ['./t.yml:/traefik.yml']")
            + '  web:\n    image: app:1\n    labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
            {"t.yml": "providers: {swarm: {}}\n"},
        ),
        ["1 high `providers.swarm` does not see the labels of containers: those of `web` have no effect"],
    ),
    (
        (
            edge("--providers.docker=false", "--ping")
            + '  web:\n    image: app:1\n    labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
            {},
        ),
        ["2 high this Traefik has no provider that reads labels: those of `web` have no effect"],
    ),
    (
        (
            edge("--ping", image="traefik:v2.11")
            + '  web:\n    image: app:1\n    labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
            {},
        ),
        ["2 high this Traefik has no provider that reads labels: those of `web` have no effect"],
    ),
]
WEB = '  web:\n    image: app:1\n    labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n'
CAUGHT += [
    (
        (edge(more="environment: {TRAEFIK_PING: 'true'}", image=image) + WEB, {}),
        ["2 high this Traefik has no provider that reads labels: those of `web` have no effect"],
    )
    for image in ("traefik:v3.7", "mirror.example.com/library/traefik:v3.7")
]
PASSED: list[Row] = [
    # An image of one's own may have its configuration built in; flags would replace that.
    (edge(more="environment: {TRAEFIK_PING: 'true'}", image="ghcr.io/acme/traefik:v3.7") + WEB, {}),
    (edge(image="acme/traefik:v3.7") + WEB, {}),
    (
        edge("--providers.docker.exposedbydefault=false")
        + '  web:\n    image: app:1\n    labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
        {},
    ),
    (
        edge("--providers.swarm=true")
        + '  web:\n    image: app:1\n    deploy:\n      labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
        {},
    ),
    (
        edge("--providers.docker.swarmmode=true", image="traefik:v2.11")
        + '  web:\n    image: app:1\n    deploy:\n      labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
        {},
    ),
    (
        edge("--ping")
        + '  web:\n    image: app:1\n    labels: [traefik.enable=false, "traefik.http.routers.a.rule=Host(`a.test`)"]\n',
        {},
    ),
    (
        edge("--ping", more="build: .")
        + '  web:\n    image: app:1\n    labels: ["traefik.http.routers.a.rule=Host(`a.test`)"]\n',
        {},
    ),
    (edge("--ping"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL049", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL049", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_wanted", lambda *_: "")
    assert differs("EL049", CAUGHT, PASSED)
