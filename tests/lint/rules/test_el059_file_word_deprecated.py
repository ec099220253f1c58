"""A word of a dynamic file that is deprecated: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el059_file_word_deprecated as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {
                "dyn/a.yml": "http:\n  middlewares:\n    a:\n      ipWhiteList: {sourceRange: [10.0.0.0/8]}\n    b: {headers: {sslRedirect: true}}\n"
            },
        ),
        [
            "4 low `ipwhitelist` of `a` is deprecated, and Traefik 3 warns about it",
            "5 low `headers.sslredirect` of `b` does nothing in Traefik 3",
        ],
    ),
    (
        (
            edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
            {"dyn/a.toml": "[http.routers.a]\nrule = 'Host(`a`)'\nruleSyntax = 'v2'\n"},
        ),
        ["3 low `rulesyntax` of `a` is deprecated, and Traefik 3 warns about it"],
    ),
]
PASSED: list[Row] = [
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']"),
        {"dyn/a.yml": "http:\n  middlewares:\n    a: {ipAllowList: {sourceRange: [10.0.0.0/8]}}\n"},
    ),
    (
        edge("--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']", image="traefik:v2.11"),
        {"dyn/a.yml": "http:\n  middlewares:\n    a: {ipWhiteList: {sourceRange: [10.0.0.0/8]}}\n"},
    ),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL059", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL059", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_of_item", lambda _: iter(()))
    assert differs("EL059", CAUGHT, PASSED)
