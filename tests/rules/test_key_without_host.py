"""A port or a middleware of a service without a host is a remark: Traefik doesn't know the service."""

from __future__ import annotations

import pytest

from edgegen.rules import key_without_host
from tests.rules.conftest import Said, said

DEV = "environments: {dev: {services: {web: {host: web.localhost}}}}\n"
BROKEN = [
    ('services: {web: {image: "w:1", port: 80}}', ["services.web.port"]),
    ('services: {web: {image: "w:1", middlewares: [secure-headers]}}', ["services.web.middlewares"]),
    (
        'services: {web: {image: "w:1", port: 80, middlewares: [{kind: compress}]}, db: {image: "d:1"}}',
        ["services.web.port", "services.web.middlewares"],
    ),
    (
        'environments: {dev: {services: {other: {host: a.localhost}}}}\nservices: {web: {image: "w:1", port: 80}}',
        ["services.web.port"],
    ),
]
NEAR_MISSES = [
    'services: {web: {image: "w:1", port: 80, host: a.localhost, middlewares: [secure-headers]}}',
    'services: {web: {image: "w:1", port: 80, hosts: [a.localhost]}}',
    'services: {db: {image: "d:1", ports: ["127.0.0.1:5432:5432"], expose: [5432]}}',
    'services: {web: {image: "w:1", port: 80, traefik_labels: {traefik.http.routers.x.rule: "Host(`a.localhost`)"}}}',
    'edge: none\nservices: {web: {image: "w:1", port: 80, host: a.localhost}}',
    'edge: none\nservices: {web: {image: "w:1", port: 80}}',
    f'{DEV}services: {{web: {{image: "w:1", port: 80}}}}',
    'services: {pages: {image: "p:1", port: 80}, web: {image: "w:1", port: 80, host: a.localhost, middlewares: '
    '[{kind: errors, status: ["500-599"], service: pages, query: /x}]}}',
    "environments: {dev: }\nservices: {hub: {kind: registry, users: [ci]}}",
]


@pytest.mark.parametrize(("spec", "places"), BROKEN)
def test_broken(spec: str, places: list[str]) -> None:
    found = said(key_without_host, spec)
    assert [(item.path, item.refused) for item in found] == [(place, False) for place in places]
    assert all("does nothing without a `host`: `web` can't be reached" in item.message for item in found)


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(key_without_host, spec) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: it no longer asks what environments change."""
    monkeypatch.setattr(key_without_host, "renamed_services", lambda _spec: set())
    assert said(key_without_host, NEAR_MISSES[6])
