"""A static option of another version: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el041_static_option_of_another_version as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--providers.docker.swarmmode=true"), {}),
        [
            "5 high `--providers.docker.swarmmode`: Traefik 2.11 was the last to know it: Traefik 3 has a separate provider, `providers.swarm`. Traefik does not start"
        ],
    ),
    (
        (edge("--experimental.http3=true", "--pilot.token=x"), {}),
        [
            "5 high `--experimental.http3`: Traefik 2.11 was the last to know it: HTTP/3 is not experimental in Traefik 3: only `entrypoints.NAME.http3` is needed. Traefik does not start",
            "6 high `--pilot.token`: Traefik 2.11 was the last to know it: Traefik Pilot no longer exists. Traefik does not start",
        ],
    ),
    (
        (edge("--providers.precedence=docker", image="traefik:v3.0"), {}),
        ["5 high `--providers.precedence`: it came with Traefik 3.7. Traefik does not start"],
    ),
    (
        (
            edge(more="volumes: ['./t.yml:/traefik.yml']"),
            {"t.yml": "api: {}\npilot: {token: x}\ntracing:\n  jaeger: {}\n"},
        ),
        [
            "2 high `pilot`: Traefik 2.11 was the last to know it: Traefik Pilot no longer exists. Traefik does not start",
            "4 high `tracing.jaeger`: Traefik 2.11 was the last to know it: Traefik 3 traces with OpenTelemetry only: `tracing.otlp`. Traefik does not start",
        ],
    ),
]
PASSED: list[Row] = [
    (edge("--providers.docker.swarmmode=true", image="traefik:v2.11"), {}),
    (edge("--providers.swarm=true"), {}),
    (edge("--providers.docker.swarmmod=true"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL041", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL041", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "static_words", lambda _: iter(()))
    assert differs("EL041", CAUGHT, PASSED)
