"""A key that is lost: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el057_key_lost as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {"dyn/a.yml": "http:\n  services:\n    a: {loadBalancer: {servers: [http://x]}}\n"},
        ),
        [
            "3 high `http.services.a.loadBalancer.servers[0]`: `servers` is a list of mappings: a single value is lost; Traefik silently ignores it"
        ],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {
                "dyn/a.yml": "http:\n  services:\n    80: {loadBalancer: {servers: [{url: http://x}]}}\n    '81': {loadBalancer: {servers: [{url: http://x}]}}\n"
            },
        ),
        [
            "3 medium YAML reads the key `80` as something else than a text, and Traefik calls it `<int Value>` or the like"
        ],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {"dyn/a.yml": "http:\n  routers:\n    a: {rule: [Host(`a`)], service: noop@internal, tls: yes}\n"},
        ),
        [
            "3 high `http.routers.a.rule`: `rule` is a single value, not a list; Traefik silently ignores it",
            "3 high `http.routers.a.tls`: here only `true` is true, and `yes` is not; Traefik reads it as off",
        ],
    ),
    (
        (edge("--certificatesresolvers.le.tailscale=on"), {}),
        [
            "5 medium `--certificatesresolvers.le.tailscale`: here only `true` is true, and `on` is not; Traefik silently ignores it"
        ],
    ),
    (
        (
            edge(more="volumes: ['./t.yml:/traefik.yml']"),
            {"t.yml": "api:\nproviders:\n  docker:\n  file: {directory: /x}\nlog: {level: INFO}\n"},
        ),
        [
            "1 medium `api` has nothing behind it, and Traefik silently ignores it",
            "3 medium `providers.docker` has nothing behind it, and Traefik silently ignores it",
        ],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {
                "dyn/a.yml": "http:\n  routers:\n    a: {rule: Host(`a`), service: noop@internal, tls: }\n  middlewares:\n    b:\n      compress:\n"
            },
        ),
        [
            "3 medium `http.routers.a.tls` has nothing behind it, and Traefik silently ignores it",
            "6 medium `http.middlewares.b.compress` has nothing behind it, and Traefik silently ignores it",
        ],
    ),
]
PASSED: list[Row] = [
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {"dyn/a.yml": "http:\n  services:\n    a: {loadBalancer: {servers: [{url: http://x}]}}\n"},
    ),
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {
            "dyn/a.toml": "[http.services.80.loadBalancer]\n[[http.services.80.loadBalancer.servers]]\nurl = 'http://x'\n"
        },
    ),
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {"dyn/a.yml": "http:\n  routers:\n    a: {rule: Host(`a`), service: noop@internal, tls: true}\n"},
    ),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL057", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL057", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_numbers", lambda *_: iter(()))
    monkeypatch.setattr(rule, "file_faults", lambda *_: [])
    assert differs("EL057", CAUGHT, PASSED)
