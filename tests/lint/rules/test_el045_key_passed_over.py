"""A key at the top that is passed over: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el045_key_passed_over as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (
            edge(more="volumes: ['./t.yml:/traefik.yml']"),
            {"t.yml": "api: {}\nhttp: {routers: {}}\nentryPoint: {web: {address: ':80'}}\nfoo: 1\n"},
        ),
        [
            "2 high Traefik silently ignores `http` in this file",
            "3 high Traefik silently ignores `entryPoint` and everything below it",
            "4 medium Traefik silently ignores `foo` and everything below it",
        ],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {
                "dyn/a.yml": "http: {routers: {a: {rule: x}}}\nentryPoints: {web: {}}\nhtpp: {}\n",
                "dyn/b.toml": "[x-y]\na = 1\n",
            },
        ),
        [
            "2 high Traefik silently ignores `entryPoints` in this file",
            "3 high Traefik silently ignores `htpp` and everything below it",
            "1 high Traefik silently ignores `x-y` and everything below it",
        ],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {"dyn/a.yml": "http: {middlewares: {a: {compress: {}}}}\n---\nhttp: {routers: {b: {}}}\n"},
        ),
        ["1 high Traefik reads only the first document of a file, and ignores the one that starts in line 3"],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {"dyn/traefik.yml": "entryPoints: {web: {address: ':80'}}\napi: {}\n"},
        ),
        [
            "1 low Traefik silently ignores `entryPoints` in this file",
            "2 low Traefik silently ignores `api` in this file",
        ],
    ),
]
CAUGHT += [
    (
        (
            edge(more="volumes: ['./t.toml:/traefik.toml']"),
            {"t.toml": "logLevel = 'ERROR'\n[entryPoints.a]\naddress = ':80'\n[docker]\nwatch = true\n[acme]\n"},
        ),
        ["1 high Traefik silently ignores `logLevel` and 2 other options of Traefik 1 with everything below them"],
    ),
    (
        (edge(more="volumes: ['./t.yml:/traefik.yml']"), {"t.yml": "api: {}\ndocker: {watch: true}\n"}),
        ["2 high Traefik silently ignores `docker`, an option of Traefik 1, with everything below it"],
    ),
]
PASSED: list[Row] = [
    (
        edge(more="volumes: ['./t.yml:/traefik.yml']"),
        {"t.yml": "API: {}\nentrypoints: {web: {address: ':80'}}\nfoo:\n"},
    ),
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {"dyn/a.yml": "http: {middlewares: {a: {compress: {}}}}\ntls: {options: {x: {sniStrict: true}}}\n"},
    ),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL045", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL045", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_passed_over", lambda *_: iter(()))
    assert differs("EL045", CAUGHT, PASSED)
