"""Flags that are not read: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el043_flags_not_read as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--api", "'true'", "--providers.docker"), {}),
        ["6 high Traefik stops reading its flags at `true`, and ignores `--providers.docker` after it"],
    ),
    (
        (edge("--api", "providers.docker=true"), {}),
        ["6 high `providers.docker=true` is not a flag, and Traefik silently ignores it"],
    ),
    ((edge("--accesslog", "'false'"), {}), ["6 high `--accesslog false` turns it on: `false` is not read"]),
    ((edge("--api", "'true'"), {}), ["6 low `true` is not a flag, and is not read"]),
    (
        (edge("--entrypoints.web.address", "':80'", "--ping"), {}),
        ["6 high Traefik stops reading its flags at `:80`, and ignores `--ping` after it"],
    ),
    (
        (edge("entrypoints.web.address=:80"), {}),
        ["5 high `entrypoints.web.address=:80` is not a command of Traefik, and the container exits"],
    ),
    ((edge("--log.level"), {}), ["5 high `--log.level` has no value, and Traefik does not start"]),
    ((edge("--log.level", "--api"), {}), ["5 high `--log.level` takes `--api` as its value"]),
    (
        (edge('--certificatesresolvers.le.acme.email="a@b.c"'), {}),
        ['5 medium the quotes of `--certificatesresolvers.le.acme.email="a@b.c"` are part of the value'],
    ),
    (
        (edge("--log.level=INFO", "--log.level=DEBUG"), {}),
        ["5 low `--log.level=INFO` has no effect: `--log.level=DEBUG` comes later"],
    ),
]
PASSED: list[Row] = [
    # Options that this Traefik does not have are reported as such, and once.
    (edge("--docker", "--docker.watch=true"), {}),
    (edge("--entryPoints=Name:http Address::80", "--entryPoints=Name:https Address::443"), {}),
    (edge("--pilot.token", "--api"), {}),
    (edge("--log.level", "DEBUG", "--api"), {}),
    (edge("--api=true", "--providers.docker=true"), {}),
    (edge("traefik", "--api"), {}),
    (edge("${FLAGS}"), {}),
    (
        edge(
            "--entrypoints.a.forwardedheaders.trustedips=1.1.1.1", "--entrypoints.a.forwardedheaders.trustedips=2.2.2.2"
        ),
        {},
    ),
    (edge("--api", "'true'", "--ping", more="volumes: ['./t.yml:/traefik.yml']"), {"t.yml": "api: {}\n"}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL043", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL043", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_stopped", lambda *_: iter(()))
    assert differs("EL043", CAUGHT, PASSED)
