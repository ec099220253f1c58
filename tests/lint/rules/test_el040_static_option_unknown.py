"""A static option that Traefik does not know: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el040_static_option_unknown as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--entrypoints.web.adress=:80"), {}),
        ["5 high `--entrypoints.web.adress`: the word `adress` is unknown there, and Traefik does not start"],
    ),
    (
        (edge("--providers.docker.exposedbydefault=no"), {}),
        ["5 high `--providers.docker.exposedbydefault`: `no` is not `true` or `false`, and Traefik does not start"],
    ),
    (
        (edge("--entrypoints.web.transport.respondingtimeouts.readtimeout=60 seconds"), {}),
        [
            "5 high `--entrypoints.web.transport.respondingtimeouts.readtimeout`: `60 seconds` is not a duration like `30s`, and Traefik does not start"
        ],
    ),
    (
        (edge(more="environment: [TRAEFIK_ENTRYPOINTS_WEB_ADRESS=:80]"), {}),
        ["4 high `TRAEFIK_ENTRYPOINTS_WEB_ADRESS`: the word `adress` is unknown there, and Traefik does not start"],
    ),
    (
        (edge(more="volumes: ['./t.yml:/traefik.yml']"), {"t.yml": "entryPoints:\n  web:\n    adress: ':80'\n"}),
        ["3 high `entryPoints.web.adress`: the word `adress` is unknown there, and Traefik does not start"],
    ),
    (
        (edge(more="volumes: ['./t.yml:/traefik.yml']"), {"t.yml": "entryPoints: {}\n"}),
        ["1 high `entryPoints`: `entryPoints` needs a key below it, and Traefik does not start"],
    ),
    (
        (edge(more="volumes: ['./t.toml:/traefik.toml']"), {"t.toml": "[api]\ninsecure = 'yes'\n"}),
        ["2 high `api.insecure`: `yes` is not `true` or `false`, and Traefik does not start"],
    ),
    (
        (edge("--entrypoints.web.${X}adress=:80", "--accesslog.foo=${Y}"), {}),
        ["6 high `--accesslog.foo`: the word `foo` is unknown there, and Traefik does not start"],
    ),
    (
        (edge("--web", "--docker", "--docker.watch", "--entryPoints=Name:http Address::80", "--acme.email=a@b.c"), {}),
        ["5 high `--web` and 2 other options are for Traefik 1, and Traefik does not start"],
    ),
    (
        (edge("--docker.watch=true", "--log.levl=INFO"), {}),
        [
            "5 high `--docker.watch` is an option of Traefik 1, and Traefik does not start",
            "6 high `--log.levl`: the word `levl` is unknown there, and Traefik does not start",
        ],
    ),
    (
        (
            edge(more="volumes: ['./t.toml:/traefik.toml']"),
            {"t.toml": "[entryPoints.a]\naddress = ':80'\n[entryPoints.a.redirect]\nentryPoint = 'b'\n"},
        ),
        ["3 high `entryPoints.a.redirect` is an option of Traefik 1, and Traefik does not start"],
    ),
]
PASSED: list[Row] = [
    (edge("--entrypoints.web.address=:80", "--api"), {}),
    (edge("--api.insecure=${INSECURE}", "--log.maxsize=${SIZE}"), {}),
    (edge(more="environment: [TRAEFIK_FOO=1]"), {}),
    (edge("--providers.docker.swarmmode=true"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL040", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL040", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "static_words", lambda _: iter(()))
    assert differs("EL040", CAUGHT, PASSED)


def test_the_options_of_traefik_1_are_not_judged() -> None:
    flags = ("--debug", "--docker.domain=a.test")
    assert said("EL040", (edge(*flags), {}))
    assert said("EL040", (edge(*flags, image="traefik:1.7"), {})) == []
