"""`network_mode` and `networks` of one service: Compose refuses the file."""

from __future__ import annotations

import pytest

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        "services:\n  vpn: {image: 'v:1'}\n  web:\n    image: w:1\n    network_mode: service:vpn\n    networks: [x]\n"
        "networks: {x: {}}\n",
        ["5 medium Compose refuses the file: `network_mode: service:vpn` and `networks` exclude each other"],
    ),
    Case("services:\n  web: {image: 'w:1', network_mode: host, networks: {x: {}}}\n", ["2 medium Compose refuses"]),
    Case("services:\n  web: {image: 'w:1', network_mode: none, networks: [x]}\n", ["2 medium Compose refuses"]),
    Case("services:\n  web: {image: 'w:1', network_mode: host}\n"),
    Case("services:\n  web: {image: 'w:1', networks: [x]}\n"),
    # Compose takes these.
    Case("services:\n  web: {image: 'w:1', network_mode: host, networks: []}\n"),
    Case("services:\n  web: {image: 'w:1', network_mode: host, networks: }\n"),
    Case("services:\n  web: {image: 'w:1', network_mode: '', networks: [x]}\n"),
    Case("services:\n  web: {image: 'w:1', network_mode: '$MODE', networks: [x]}\n"),
    # EL112: a swarm passes over it.
    Case("services:\n  web: {image: 'w:1', network_mode: host, networks: [x], deploy: {labels: [traefik.enable=true]}}\n"
         "  edge: {image: 'traefik:v3.7', command: [--providers.swarm]}\n"),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("mode.text and ", ""),
        ('service.data.get("networks")', '"networks" in service.data'),
        ("project.mode is Mode.SWARM", "project.mode is None"),
    ],
)
def test_a_fault_in_the_rule_is_noticed(right: str, wrong: str) -> None:
    assert differences(with_fault(RULE, right, wrong), CASES)
