"""A dynamic file that Traefik refuses: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el056_dynamic_file_refused as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {
                "dyn/a.yml": "http:\n  routers:\n    a: {rul: x}\n",
                "dyn/b.yml": "tls: {options: {a: {sniStrict: true}}}\n",
                "dyn/c/d.toml": "",
            },
        ),
        [
            "3 high `http.routers.a.rul`: the word `rul` is unknown there; Traefik refuses the file, and the 2 other files of its folder with it"
        ],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {"dyn/a.yml": "http:\n  routers: {}\n"},
        ),
        ["2 high `http.routers`: `routers` needs a key below it; Traefik refuses the file"],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {"dyn/a.yml": "a: b: c\n", "dyn/b.toml": "x ="},
        ),
        [
            "1 high a second `: ` in one line: put the value in quotes, or fix the indentation (line 1): Traefik refuses the file, and the other file of its folder with it",
            "1 high a value is missing at the end of the file: Traefik refuses the file, and the other file of its folder with it",
        ],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {"dyn/a.yml": "http: {middlewares: {a: {compress: {minResponseBodyBytes: many}}}}\n"},
        ),
        [
            "1 high `http.middlewares.a.compress.minResponseBodyBytes`: `many` is not a whole number; Traefik refuses the file"
        ],
    ),
    (
        (edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"), {"dyn/a.yml": "tls: {}\ntls: {}\n"}),
        ["1 high the key `tls` is here a second time: remove one of the two (line 2): Traefik refuses the file"],
    ),
    (
        (
            edge("--providers.file.filename=/dyn/a.toml", more="volumes: ['./dyn:/dyn']"),
            {"dyn/a.toml": "[http.services.a.loadBalancer]\nserver = 1\n", "dyn/b.yml": ""},
        ),
        ["2 high `http.services.a.loadBalancer.server`: the word `server` is unknown there; Traefik refuses the file"],
    ),
]
PASSED: list[Row] = [
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {"dyn/a.yml": "http:\n  middlewares:\n    a: {compress: {}}\n  routers:\n"},
    ),
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {"dyn/a.yml": "http: {routers: {a: {rule: {{ env `X` }}}}}\n", "dyn/b.yml": "", "dyn/c.json": "no"},
    ),
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {"dyn/a.toml": "[http.routers.a]\nrule = 'Host(`a`)'\nservice = 'noop@internal'\n"},
    ),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL056", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL056", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "neighbours", lambda *_: [])
    assert differs("EL056", CAUGHT, PASSED)
