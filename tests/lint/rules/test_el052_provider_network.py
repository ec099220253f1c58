"""A provider's network with another name: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el052_provider_network as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--providers.docker.network=proxy", more="networks: [proxy]", top="networks: {proxy: {}}"), {}),
        ["5 medium the network `proxy` is called `site_proxy` on the engine: Traefik takes any network of a container"],
    ),
    (
        (edge("--providers.docker.network=prxy", more="networks: [proxy]", top="networks: {proxy: {name: proxy}}"), {}),
        ["5 medium this Traefik is in no network `prxy`: Traefik takes any network of a container"],
    ),
]
PASSED: list[Row] = [
    (edge("--providers.docker.network=site_proxy", more="networks: [proxy]", top="networks: {proxy: {}}"), {}),
    (edge("--providers.docker.network=proxy", more="networks: [proxy]", top="networks: {proxy: {external: true}}"), {}),
    (edge("--providers.docker.network=${N}", more="networks: [proxy]", top="networks: {proxy: {}}"), {}),
    (edge("--providers.docker.network=x", more="network_mode: host"), {}),
    (edge("--providers.docker.network=x", more="networks: [proxy]", top="networks: {proxy: {name: '${N}'}}"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL052", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL052", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_compared", lambda *_: iter(()))
    assert differs("EL052", CAUGHT, PASSED)
