"""Two entrypoints on one port: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el046_entrypoints_on_one_port as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--entrypoints.web.address=:80", "--entrypoints.other.address=0.0.0.0:80"), {}),
        ["6 high the entrypoints `web` and `other` both listen on port 80, and Traefik does not start"],
    ),
    (
        (edge("--entrypoints.web.address=:8080", "--api.insecure=true"), {}),
        ["5 high the entrypoints `traefik` and `web` both listen on port 8080, and Traefik does not start"],
    ),
    (
        (edge("--entrypoints.web.address=:8080", "--ping"), {}),
        ["5 high the entrypoints `traefik` and `web` both listen on port 8080, and Traefik does not start"],
    ),
    (
        (
            edge("--entrypoints.web.address=:443", "--entrypoints.web.http3=true", "--entrypoints.u.address=:443/udp"),
            {},
        ),
        ["7 high the entrypoints `web` and `u` both listen on port 443, and Traefik does not start"],
    ),
]
PASSED: list[Row] = [
    (edge("--entrypoints.web.address=:80", "--entrypoints.dns.address=:80/udp"), {}),
    (edge("--entrypoints.a.address=127.0.0.1:80", "--entrypoints.b.address=127.0.0.2:80"), {}),
    (edge("--entrypoints.web.address=:8080", "--ping", "--ping.entrypoint=web"), {}),
    (edge("--entrypoints.web.address=:8080", "--ping.manualrouting=true", "--api=true"), {}),
    (edge("--entrypoints.a.address=:80", "--entrypoints.b.address=:80", "--entrypoints.b.reuseport=true"), {}),
    (
        edge(
            "--entrypoints.a.address=:${PORT}",
            "--entrypoints.b.address=:80",
            "--entrypoints.c.address=:0",
            "--entrypoints.d.address=:0",
        ),
        {},
    ),
    (edge("--entrypoints.traefik.address=:9000", "--entrypoints.web.address=:8080", "--api.insecure=true"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL046", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL046", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_collide", lambda *_: False)
    assert differs("EL046", CAUGHT, PASSED)
