"""A middleware of the spec that nothing names is a remark: Traefik never applies it."""

from __future__ import annotations

import pytest

from edgegen.core.finding import Severity
from edgegen.rules import unused_middleware
from edgegen.spec.load import load_text
from tests.rules.conftest import Said, said

OFFICE = "office: {kind: ip-allow-list, source_range: [198.51.100.0/24]}"
FAST = "fast: {kind: compress}"
WEB = 'services: {web: {image: "w:1", port: 80, host: a.localhost%s}}\n'
BROKEN = [
    (f"middlewares: {{{OFFICE}}}\n{WEB % ''}", ["middlewares.office"]),
    (f"middlewares: {{{OFFICE}, {FAST}}}\n{WEB % ', middlewares: [fast]'}", ["middlewares.office"]),
    (f"middlewares: {{{OFFICE}, all: {{kind: chain, middlewares: [office]}}}}\n{WEB % ''}", ["middlewares.all"]),
    (f"middlewares: {{{OFFICE}}}\n{WEB % ', middlewares: [{kind: ip-allow-list, source_range: [192.0.2.1/32]}]'}",
     ["middlewares.office"]),
    (f"middlewares: {{{OFFICE}}}\n{WEB % ', extra: {hostname: office-2}'}", ["middlewares.office"]),
    (f"edge: {{use: other}}\nmiddlewares: {{{FAST}}}\n{WEB % ''}", ["middlewares.fast"]),
    (f"environments: {{dev: , qa: {{services: {{web: {{port: 81}}}}}}}}\nmiddlewares: {{{FAST}}}\n{WEB % ''}",
     ["middlewares.fast"]),
]  # fmt: skip
NEAR_MISSES = [
    WEB % "",
    f"middlewares: {{{OFFICE}}}\n{WEB % ', middlewares: [office]'}",
    f"middlewares: {{{OFFICE}, all: {{kind: chain, middlewares: [office]}}}}\n{WEB % ', middlewares: [all]'}",
    f"middlewares: {{{OFFICE}}}\n{WEB % ', middlewares: [{kind: chain, middlewares: [office]}]'}",
    f"middlewares: {{{OFFICE}}}\n"
    'services: {web: {image: "w:1", traefik_labels: {traefik.http.routers.x.middlewares: "fast@file, office@file"}}}',
    f"middlewares: {{{OFFICE}}}\nedge: {{extra: {{command: [--entrypoints.web.http.middlewares=office@file]}}}}\n"
    f"{WEB % ''}",
    f"middlewares: {{{OFFICE}}}\nextra: {{services: {{x: {{labels: "
    f"{{traefik.http.routers.x.middlewares: office@file}}}}}}}}\n{WEB % ''}",
    f"middlewares: {{{OFFICE}}}\nenvironments: {{dev: {{services: {{web: {{middlewares: [office]}}}}}}}}\n{WEB % ''}",
    f"environments: {{dev: {{services: {{web: {{middlewares: []}}}}}}}}\nmiddlewares: {{{OFFICE}}}\n{WEB % ''}",
    f"environments: {{dev: {{services: {{web: null}}}}}}\nmiddlewares: {{{OFFICE}}}\n{WEB % ''}",
    f"environments: {{dev: {{edge: none}}}}\nmiddlewares: {{{OFFICE}}}\n{WEB % ''}",
    f"edge: {{serves: all}}\nmiddlewares: {{{OFFICE}}}\n{WEB % ''}",
    f"edge: none\nmiddlewares: {{{OFFICE}}}\n{WEB % ''}",
]


@pytest.mark.parametrize(("spec", "places"), BROKEN)
def test_broken(spec: str, places: list[str]) -> None:
    found = said(unused_middleware, spec)
    assert [(item.path, item.refused) for item in found] == [(place, False) for place in places]


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(unused_middleware, spec) == list[Said]()


def test_one_that_protects_counts_more() -> None:
    spec = load_text(f"name: a\nmiddlewares: {{{OFFICE}, {FAST}}}\n{WEB % ''}".encode()).spec
    assert [(item.severity, item.message) for item in unused_middleware.check(spec)] == [
        (Severity.MEDIUM, "no service uses `office`: it protects nothing"),
        (Severity.LOW, "no service uses `fast`: it does nothing"),
    ]


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: what is written freely is no longer read."""
    monkeypatch.setattr(unused_middleware, "_written_freely", lambda _spec: ())
    assert said(unused_middleware, NEAR_MISSES[4])
