"""A file provider that reads nothing: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el050_file_provider as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--providers.file.directory=/dyn"), {}),
        ["5 high nothing is mounted at `/dyn`, and the file provider does not start"],
    ),
    (
        (edge("--providers.file.watch=true"), {}),
        ["5 high the file provider has neither `directory` nor `filename`, and does not start"],
    ),
    (
        (edge("--providers.file.filename=/dyn/a.json", more="volumes: ['./dyn:/dyn']"), {"dyn/a.json": "{}"}),
        ["5 high `/dyn/a.json` does not end in .yml, .yaml or .toml, and the file provider does not start"],
    ),
    (
        (
            edge(
                "--providers.file.filename=/dyn/a.yml",
                "--providers.file.directory=/dyn",
                more="volumes: ['./dyn:/dyn']",
            ),
            {"dyn/a.yml": "http: {middlewares: {a: {compress: {}}}}"},
        ),
        ["5 medium Traefik reads `directory` and ignores `filename`"],
    ),
    (
        (
            edge("--providers.file.filename=/a.yml", more="volumes: ['./a.yml:/a.yml']"),
            {"a.yml": "tls: {options: {a: {sniStrict: true}}}"},
        ),
        ["6 low `/a.yml` is mounted by itself: Traefik does not see it after an editor replaced it"],
    ),
]
PASSED: list[Row] = [
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {"dyn/a.yml": "tls: {options: {a: {sniStrict: true}}}"},
    ),
    (edge("--providers.file.directory=/dyn", more="volumes: ['data:/dyn']", top="volumes: {data: {}}"), {}),
    (edge("--entrypoints.web.address=:80", "--providers.file.directory=/dyn", image="my/traefik-custom:v3"), {}),
    (edge("--providers.file.directory=${D}"), {}),
    (
        edge("--providers.file.filename=/a.yml", "--providers.file.watch=false", more="volumes: ['./a.yml:/a.yml']"),
        {"a.yml": "tls: {}"},
    ),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL050", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL050", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_place", lambda *_: iter(()))
    assert differs("EL050", CAUGHT, PASSED)
