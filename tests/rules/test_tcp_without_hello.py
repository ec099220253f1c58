"""Protocols whose clients don't begin with TLS can't be found by a name in TLS."""

from __future__ import annotations

import pytest

from edgegen.rules import tcp_without_hello
from tests.rules.conftest import Said, said

SERVICE = "services: {s: {kind: tcp, image: i, host: s.x.test, entrypoint: e, listen: %s, port: %s}}\n"
BROKEN = [
    (SERVICE % (2222, 22), "services.s.port", "22 is the port of SSH"),
    (SERVICE % (22, 2222), "services.s.listen", "22 is the port of SSH"),
    (SERVICE % (25, 25), "services.s.port", "SMTP"),
    (SERVICE % (587, 10587), "services.s.listen", "SMTP"),
    (SERVICE % (143, 143), "services.s.port", "IMAP"),
    (SERVICE % (3306, 3306), "services.s.port", "MySQL"),
    (SERVICE % (3389, 3389), "services.s.port", "RDP"),
]
NEAR_MISSES = [
    SERVICE % (5432, 5432),
    SERVICE % (8883, 1883),
    SERVICE % (993, 993),
    SERVICE % (465, 465),
    SERVICE % (6380, 6379),
    'services: {s: {image: i, ports: ["0.0.0.0:2222:22"]}}\n',
    "services: {s: {image: i, host: s.x.test, port: 22}}\n",
]


@pytest.mark.parametrize(("text", "path", "message"), BROKEN)
def test_broken(text: str, path: str, message: str) -> None:
    found = said(tcp_without_hello, text)
    assert [(item.path, item.refused) for item in found] == [(path, False)]
    assert message in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(tcp_without_hello, text) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: PostgreSQL, which begins with a question for TLS, counts as one of them."""
    monkeypatch.setattr(tcp_without_hello, "GREETED", {5432: "PostgreSQL"})
    assert said(tcp_without_hello, NEAR_MISSES[0])
