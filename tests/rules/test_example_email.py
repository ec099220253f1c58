"""An address at example.com is a remark where the hosts are real: Let's Encrypt opens no account for it."""

from __future__ import annotations

import pytest

from edgegen.rules import example_email
from tests.rules.conftest import Said, said

WEB = 'services: {web: {image: "w:1", port: 80, host: www.commenthouse.com}}\n'
BROKEN = [
    f"acme: {{email: ops@example.com}}\n{WEB}",
    f"acme: {{email: ops@example.org, ca: letsencrypt-staging}}\n{WEB}",
    f"acme: {{email: you@EXAMPLE.net, challenge: tls}}\n{WEB}",
]
NEAR_MISSES = [
    f"acme: {{email: ops@commenthouse.com}}\n{WEB}",
    f"acme: {{email: ops@mail.example.com}}\n{WEB}",
    f"acme: {{}}\n{WEB}",
    f"acme: {{email: ops@example.com, ca: local}}\n{WEB}",
    f"acme: {{email: ops@example.com, ca: https://acme.commenthouse.com/dir}}\n{WEB}",
    f"edge: none\nacme: {{email: ops@example.com}}\n{WEB}",
    'acme: {email: ops@example.com}\nservices: {web: {image: "w:1", port: 80, host: www.example.com}}',
    'acme: {email: ops@example.com}\nservices: {web: {image: "w:1", port: 80, host: www.localhost}}',
    'acme: {email: ops@example.com}\nservices: {db: {image: "d:1"}}',
]


@pytest.mark.parametrize("spec", BROKEN)
def test_broken(spec: str) -> None:
    found = said(example_email, spec)
    assert [(item.path, item.refused) for item in found] == [("acme.email", False)]
    assert "no host gets a certificate" in found[0].message


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(example_email, spec) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: every host counts as a real one."""
    monkeypatch.setattr(example_email, "is_real", lambda _host: True)
    assert said(example_email, NEAR_MISSES[6])
