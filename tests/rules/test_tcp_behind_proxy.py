"""Cloudflare's proxy carries only HTTP."""

from __future__ import annotations

import pytest

from edgegen.rules import tcp_behind_proxy
from edgegen.spec.edge import Spec
from tests.rules.conftest import Said, said

DOMAINS = "domains: {example.com: {proxied: true, hosts: {direct.example.com: {proxied: false}}}}\n"
PG = "services: {pg: {kind: tcp, image: i, %s, entrypoint: pg, listen: 5432, port: 5432}}\n"
BROKEN = [
    (DOMAINS + PG % "host: pg.example.com", ["services.pg.host"]),
    (DOMAINS + PG % "hosts: [direct.example.com, pg.example.com]", ["services.pg.hosts[1]"]),
    (DOMAINS + PG % "host: pg.example.com, passthrough: true", ["services.pg.host"]),
    (
        "domains: {example.com: {hosts: {pg.example.com: {proxied: true}}}}\n" + PG % "host: pg.example.com",
        ["services.pg.host"],
    ),
]
NEAR_MISSES = [
    DOMAINS + PG % "host: direct.example.com",
    DOMAINS + "services: {web: {image: i, host: www.example.com, port: 80}}\n",
    "domains: {example.com: {}}\n" + PG % "host: pg.example.com",
]


@pytest.mark.parametrize(("text", "paths"), BROKEN)
def test_broken(text: str, paths: list[str]) -> None:
    found = said(tcp_behind_proxy, text)
    assert [(item.path, item.refused) for item in found] == [(path, False) for path in paths]
    assert all("carries only HTTP" in item.message and item.line > 0 for item in found)


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(tcp_behind_proxy, text) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: every name counts as proxied."""
    monkeypatch.setattr(Spec, "is_proxied", lambda _spec, _host: True)
    assert said(tcp_behind_proxy, NEAR_MISSES[0])
