"""Compose refuses a service that has both a network mode and networks: what to write instead."""

from __future__ import annotations

import pytest

from edgegen.rules import network_mode_of_a_routed_service as rule
from edgegen.spec.load import load_text
from tests.rules.conftest import Said, said

HOST = "services: {h: {image: i, host: h.x.test, port: 8123, extra: {network_mode: %s}}}\n"
BROKEN = [
    (HOST % "host", "services.h.extra.network_mode", "http://host.docker.internal:8123"),
    (HOST % '"service:vpn"', "services.h.extra.network_mode", "http://vpn:8123"),
    (HOST % "none", "services.h.extra.network_mode", "remove it"),
    ("services: {h: {image: i, host: h.x.test, port: 1}}\nextra: {services: {h: {network_mode: host}}}\n",
     "extra.services.h.network_mode", "http://host.docker.internal:1"),
    ("networks: {b: {}}\nservices: {h: {image: i, networks: [b], extra: {network_mode: host}}}\n",
     "services.h.extra.network_mode", "remove one"),
    ("edge: {extra: {network_mode: host}}\nservices: {h: {image: i, host: h.x.test, port: 1}}\n",
     "edge.extra.network_mode", "remove it"),
    ("services: {h: {image: i, port: 1, extra: {network_mode: none}}, w: {image: i, host: w.x.test, port: 1, "
     "middlewares: [{kind: errors, status: ['500-599'], service: h, query: /x}]}}\n",
     "services.h.extra.network_mode", "remove it"),
]  # fmt: skip
NEAR_MISSES = [
    "services: {h: {image: i, extra: {network_mode: host}}}\n",
    'services: {h: {image: i, extra: {network_mode: "service:vpn"}}, vpn: {image: v}}\n',
    "edge: none\n" + HOST % "host",
    "services: {h: {image: i, host: h.x.test, port: 1, extra: {network_mode: host, networks: null}}}\n",
    "services: {h: {image: i, host: h.x.test, port: 1, extra: {pid: host}}}\n",
]


@pytest.mark.parametrize(("text", "path", "hint"), BROKEN)
def test_broken(text: str, path: str, hint: str) -> None:
    found = said(rule, text)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert found[0].line > 0
    (violation,) = rule.check(load_text(f"name: a\n{text}".encode()).spec)
    assert hint in violation.hint


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(rule, text) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: it looks for another key."""
    monkeypatch.setattr(rule, "_KEY", "pid")
    assert said(rule, NEAR_MISSES[4])
