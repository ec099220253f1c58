"""Behind Cloudflare an allow list without a strategy checks Cloudflare's addresses."""

from __future__ import annotations

import pytest

from edgegen.rules import allow_list_behind_proxy
from tests.rules.conftest import Said, said

SPEC = """\
domains: {example.com: {proxied: true, hosts: {direct.example.com: {proxied: false}}}}
middlewares:
  office: {kind: ip-allow-list, source_range: [198.51.100.0/24]}
  cloudflare: {kind: ip-allow-list, source_range: [173.245.48.0/20, 2400:cb00::/32]}
  home: {kind: ip-allow-list, source_range: [198.51.100.7, 192.168.0.0/16]}
  told: {kind: ip-allow-list, source_range: [198.51.100.0/24], ip_strategy: {depth: 1}}
  small: {kind: compress}
  both: {kind: chain, middlewares: [small, office]}
services:
"""
BROKEN = [
    ('  web: {image: "w:1", port: 80, host: w.example.com, middlewares: [both]}\n', "middlewares.office"),
    ('  web: {image: "w:1", port: 80, host: w.example.com, middlewares: [small, office]}\n', "middlewares.office"),
    (
        '  web: {image: "w:1", port: 80, host: w.example.com, '
        "middlewares: [small, {kind: ip-allow-list, source_range: 2001:db9::1}]}\n",
        "services.web.middlewares[1]",
    ),
    (
        '  web: {image: "w:1", port: 80, hosts: [w.example.com, v.example.com], middlewares: [office]}\n'
        '  api: {image: "w:1", port: 80, host: a.example.com, middlewares: [office]}\n',
        "middlewares.office",
    ),
]
NEAR_MISSES = [
    '  web: {image: "w:1", port: 80, host: direct.example.com, middlewares: [office]}\n',
    '  web: {image: "w:1", port: 80, hosts: [w.example.com, direct.example.com], middlewares: [office]}\n',
    '  web: {image: "w:1", port: 80, host: w.example.com, middlewares: [told]}\n',
    '  web: {image: "w:1", port: 80, host: w.example.com, middlewares: [cloudflare]}\n',
    '  web: {image: "w:1", port: 80, host: w.example.com, middlewares: [home]}\n',
    '  web: {image: "w:1", port: 80, host: w.localhost, middlewares: [office]}\n',
    '  web: {image: "w:1", port: 80, host: w.example.com}\n',
]


@pytest.mark.parametrize(("services", "path"), BROKEN)
def test_broken(services: str, path: str) -> None:
    found = said(allow_list_behind_proxy, SPEC + services)
    assert [(item.path, item.refused) for item in found] == [(f"{path}.source_range", False)]
    assert "`w.example.com` of web is proxied" in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("services", NEAR_MISSES)
def test_near_misses(services: str) -> None:
    assert said(allow_list_behind_proxy, SPEC + services) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: it no longer asks what the list names."""
    monkeypatch.setattr(allow_list_behind_proxy, "_names_only_clients", lambda _item: True)
    assert said(allow_list_behind_proxy, SPEC + NEAR_MISSES[2])
