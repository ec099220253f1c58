"""Static configuration in several places: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el044_mixed_sources as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--ping", more="volumes: ['./t.yml:/etc/traefik/traefik.yml']"), {"t.yml": "api: {}\n"}),
        ["5 high Traefik reads t.yml, and ignores all flags: `--ping`"],
    ),
    (
        (edge("--ping", more="environment: [TRAEFIK_API=true]"), {}),
        ["6 high Traefik reads its flags, and ignores all variables: `TRAEFIK_API`"],
    ),
    (
        (edge(more="volumes: ['./t.yml:/traefik.yml']\nenvironment: [TRAEFIK_API=true]"), {"t.yml": "api: {}\n"}),
        ["5 high Traefik reads its configuration file, and ignores all variables: `TRAEFIK_API`"],
    ),
    (
        (edge("--configfile=/etc/x.yml", "--ping"), {}),
        ["5 high no mount brings `/etc/x.yml` into the container, and Traefik goes on without it"],
    ),
    (
        (edge(more="environment: [TRAEFIK_CONFIGFILE=/x.yml, TRAEFIK_ENTRYPOINT_WEB_ADDRESS=:80]"), {}),
        [
            "4 high Traefik does not look at `TRAEFIK_CONFIGFILE`: only `--configfile` names a file",
            "4 medium Traefik silently ignores `TRAEFIK_ENTRYPOINT_WEB_ADDRESS`: it has no options that begin with `ENTRYPOINT`",
        ],
    ),
]
PASSED: list[Row] = [
    (edge("--ping"), {}),
    (edge("--configfile=/x.yml", more="volumes: ['./t.yml:/x.yml']"), {"t.yml": "api: {}\n"}),
    (edge("--ping", more="environment: [CF_DNS_API_TOKEN=x, TRAEFIK_DOMAIN=example.com]"), {}),
    (edge("--ping", more="volumes: ['./missing.yml:/traefik.yml']"), {}),
    (edge("--configfile=/x.yml", more="volumes: ['data:/x.yml']", top="volumes: {data: {}}"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL044", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL044", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_listed", lambda _: "")
    assert differs("EL044", CAUGHT, PASSED)
