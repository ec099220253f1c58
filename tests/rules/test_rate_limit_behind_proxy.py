"""Behind Cloudflare a limit without a strategy counts Cloudflare's addresses, and all visitors share it."""

from __future__ import annotations

import pytest

from edgegen.rules import rate_limit_behind_proxy
from tests.rules.conftest import Said, said

SPEC = """\
domains: {example.com: {proxied: true, hosts: {direct.example.com: {proxied: false}}}}
middlewares:
  limit: {kind: rate-limit, average: 10}
  small: {kind: compress}
  both: {kind: chain, middlewares: [small, limit]}
services:
"""
WEB = '  web: {image: "w:1", port: 80, host: w.example.com, middlewares: [%s]}\n'
BROKEN = [
    (WEB % "limit", "middlewares.limit"),
    (WEB % "both", "middlewares.limit"),
    (WEB % "small, {kind: rate-limit, average: 5}", "services.web.middlewares[1]"),
    (
        WEB % "{kind: rate-limit, average: 5, source_criterion: {ip_strategy: {ipv6_subnet: 64}}}",
        "services.web.middlewares[0].source_criterion",
    ),
    (
        WEB % "{kind: rate-limit, average: 5, source_criterion: {ip_strategy: {depth: 0}}}",
        "services.web.middlewares[0].source_criterion",
    ),
    (
        WEB % "{kind: in-flight-req, amount: 5, source_criterion: {ip_strategy: {depth: 0}}}",
        "services.web.middlewares[0].source_criterion",
    ),
    (
        WEB % "limit" + '  api: {image: "w:1", port: 80, host: a.example.com, middlewares: [limit]}\n',
        "middlewares.limit",
    ),
]
NEAR_MISSES = [
    '  web: {image: "w:1", port: 80, host: direct.example.com, middlewares: [limit]}\n',
    '  web: {image: "w:1", port: 80, hosts: [w.example.com, direct.example.com], middlewares: [limit]}\n',
    '  web: {image: "w:1", port: 80, host: w.localhost, middlewares: [limit]}\n',
    WEB % "{kind: rate-limit, average: 5, source_criterion: {ip_strategy: {depth: 1}}}",
    WEB % "{kind: rate-limit, average: 5, source_criterion: {ip_strategy: {excluded_ips: [173.245.48.0/20]}}}",
    WEB % "{kind: rate-limit, average: 5, source_criterion: {request_header_name: CF-Connecting-IP}}",
    WEB % "{kind: rate-limit, average: 5, source_criterion: {request_host: true}}",
    WEB % "{kind: in-flight-req, amount: 5}",
    WEB % "{kind: in-flight-req, amount: 5, source_criterion: {ip_strategy: {depth: 1}}}",
    WEB % "small",
]


@pytest.mark.parametrize(("services", "path"), BROKEN)
def test_broken(services: str, path: str) -> None:
    found = said(rate_limit_behind_proxy, SPEC + services)
    assert [(item.path, item.refused) for item in found] == [(path, False)]
    assert "`w.example.com` of web is proxied" in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("services", NEAR_MISSES)
def test_near_misses(services: str) -> None:
    assert said(rate_limit_behind_proxy, SPEC + services) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: it no longer asks what the limit counts."""
    monkeypatch.setattr(rate_limit_behind_proxy, "_counts_the_proxy", lambda _item: True)
    assert said(rate_limit_behind_proxy, SPEC + NEAR_MISSES[3])
