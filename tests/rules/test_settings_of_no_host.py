"""Settings under `domains.*.hosts` for a name that no service has are a remark: they make no record."""

from __future__ import annotations

import pytest

from edgegen.rules import settings_of_no_host, violations
from edgegen.spec.load import load_text
from tests.rules.conftest import Said, said

WEB = 'services: {web: {image: "w:1", port: 80, host: www.x.test, aliases: [old.x.test]}}\n'
BROKEN = [
    f"{WEB}domains: {{x.test: {{hosts: {{mail.x.test: {{addresses: [192.0.2.8]}}}}}}}}",
    f"{WEB}domains: {{x.test: {{proxied: true, hosts: {{wwww.x.test: {{proxied: false}}}}}}}}",
    f'{WEB}domains: {{x.test: {{hosts: {{"*.x.test": {{ttl: 300}}}}}}}}',
    f"{WEB}domains: {{x.test: {{hosts: {{x.test: {{ttl: 300}}}}}}}}\n"
    "environments: {dev: {services: {web: {port: 1}}}}",
]
NEAR_MISSES = [
    f"{WEB}domains: {{x.test: {{}}}}",
    f"{WEB}domains: {{x.test: {{hosts: {{www.x.test: {{ttl: 300}}, old.x.test: {{ttl: 300}}}}}}}}",
    f"{WEB}domains: {{x.test: {{hosts: {{t.x.test: {{ttl: 300}}}}}}}}\n"
    "edge: {dashboard: {host: t.x.test, users: [a]}}",
    f"{WEB}domains: {{x.test: {{hosts: {{dev.x.test: {{ttl: 300}}}}}}}}\n"
    "environments: {dev: {services: {web: {host: dev.x.test}}}}",
    f"{WEB}domains: {{x.test: {{hosts: {{b.x.test: {{ttl: 300}}}}}}}}\n"
    "environments: {dev: {services: {blog: {image: 'b:1', port: 1, host: b.x.test}}}}",
    f"{WEB}domains: {{x.test: {{hosts: {{t.x.test: {{ttl: 300}}}}}}}}\n"
    "environments: {dev: {edge: {dashboard: {host: t.x.test, users: [a]}}}}",
    'services: {web: {image: "w:1", port: 80, host: "*.x.test"}}\nacme: {challenge: dns}\n'
    'domains: {x.test: {hosts: {"*.x.test": {ttl: 300}}}}',
]


@pytest.mark.parametrize("spec", BROKEN)
def test_broken(spec: str) -> None:
    found = said(settings_of_no_host, spec)
    assert [item.refused for item in found] == [False]
    assert found[0].path.startswith("domains.x.test.hosts.")
    assert "these settings do nothing, and don't create a record" in found[0].message


def test_a_typing_error_is_named_and_another_name_is_a_record() -> None:
    hints = [
        item.hint
        for spec in BROKEN[:2]
        for item in violations(load_text(f"name: a\n{spec}".encode()).spec)
        if item.rule == settings_of_no_host.ID
    ]
    assert hints == ["a separate record belongs under `domains.x.test.records`", "did you mean `www.x.test`?"]


def test_what_differs_for_a_declared_record_is_said_there() -> None:
    zone = "{hosts: {ww.x.test: {ttl: 300}}, records: [{type: A, name: WW, content: 192.0.2.7}]}"
    spec = load_text(f"name: a\n{WEB}domains: {{x.test: {zone}}}".encode()).spec
    (found,) = settings_of_no_host.check(spec)
    assert "the record itself" in found.hint


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(settings_of_no_host, spec) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: it no longer asks what environments change."""
    monkeypatch.setattr(settings_of_no_host, "names_vary", lambda _spec: False)
    assert said(settings_of_no_host, NEAR_MISSES[3])
