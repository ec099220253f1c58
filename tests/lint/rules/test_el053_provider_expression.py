"""An expression that Traefik can't read: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el053_provider_expression as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("'--providers.docker.constraints=Label(`a`)'"), {}),
        ["5 high Traefik can't read the constraint `Label(`a`)`, and leaves out every container"],
    ),
    (
        (edge("--providers.docker.constraints=Tag(`a`)"), {}),
        ["5 high Traefik can't read the constraint `Tag(`a`)`, and leaves out every container"],
    ),
    (
        (edge("'--providers.docker.defaultrule=Host(`{{ .Name }`)'"), {}),
        [
            "5 high Traefik can't read the default rule `Host(`{{ .Name }`)`: a quote of `{{ .Name }`)` is not closed; the provider does not start"
        ],
    ),
    (
        (edge("'--providers.docker.defaultrule=Host(`{{ if .Name }}x`)'"), {}),
        [
            "5 high Traefik can't read the default rule `Host(`{{ if .Name }}x`)`: an `end` is missing; the provider does not start"
        ],
    ),
]
PASSED: list[Row] = [
    (edge("'--providers.docker.constraints=Label(`a`,`b`) && !LabelRegex(`c`, `d.*`)'"), {}),
    (edge("'--providers.docker.defaultrule=Host(`{{ normalize .Name }}.example.com`)'"), {}),
    (edge("--providers.docker.constraints=${C}"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL053", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL053", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "known", lambda *_: None)
    assert differs("EL053", CAUGHT, PASSED)
