"""Names for nginx-proxy, Caddy or Coolify that were pasted and that nobody reads."""

from __future__ import annotations

import pytest

from edgegen.rules import words_of_another_proxy
from tests.rules.conftest import Said, said

ENVIRONMENT = "environment: {VIRTUAL_HOST: a.localhost, VIRTUAL_PORT: 80, LETSENCRYPT_HOST: a.localhost}"
BROKEN = [
    (f'services: {{web: {{image: "w:1", {ENVIRONMENT}}}}}', ["services.web.environment.VIRTUAL_HOST"]),
    (
        'services: {web: {image: "w:1", environment: [SERVICE_FQDN_WEB_8080, A=b]}}',
        ["services.web.environment.SERVICE_FQDN_WEB_8080"],
    ),
    (
        'services: {web: {image: "w:1", labels: {caddy: a.localhost, caddy.reverse_proxy: "{{upstreams 80}}"}}}',
        ["services.web.labels.caddy"],
    ),
    (
        f'services: {{web: {{image: "w:1", {ENVIRONMENT}}}, b: {{image: "w:1", host: b.localhost, port: 80}}, '
        'c: {image: "w:1", labels: ["caddy_0=c.localhost"]}}',
        ["services.web.environment.VIRTUAL_HOST", "services.c.labels.caddy_0"],
    ),
]
PASTED = f'image: "w:1", {ENVIRONMENT}'
NEAR_MISSES = [
    f"services: {{web: {{host: a.localhost, port: 80, {PASTED}}}}}",
    f'services: {{web: {{{PASTED}, traefik_labels: {{traefik.http.routers.x.rule: "Host(`a.b`)"}}}}}}',
    f'services: {{web: {{{PASTED}}}, a: {{kind: external, host: a.localhost, url: "http://web:80"}}}}',
    f'services: {{web: {{{PASTED}}}, proxy: {{image: "nginxproxy/nginx-proxy:1.7"}}}}',
    f"edge: none\nservices: {{web: {{{PASTED}}}}}",
    f"environments: {{dev: {{services: {{web: {{host: a.localhost}}}}}}}}\nservices: {{web: {{{PASTED}}}}}",
    f'services: {{pihole: {{{PASTED}, ports: ["192.0.2.7:8080:80"]}}}}',
    'services: {web: {image: "w:1", environment: {VIRTUAL_PORT: 80, MY_VIRTUAL_HOST: a, SERVICE_NAME: web, HOST: a}}}',
    'services: {web: {image: "w:1", environment: {SERVICE_URL_AUTH: "http://auth:80"}}}',
    'services: {web: {image: "w:1", labels: {caddyfile: a, org.caddy: b}}}',
]


@pytest.mark.parametrize(("spec", "places"), BROKEN)
def test_broken(spec: str, places: list[str]) -> None:
    found = said(words_of_another_proxy, spec)
    assert [(item.path, item.refused) for item in found] == [(place, False) for place in places]
    assert all("Traefik does not read `" in item.message for item in found)


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(words_of_another_proxy, spec) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: it no longer asks what environments change."""
    monkeypatch.setattr(words_of_another_proxy, "renamed_services", lambda _spec: set())
    assert said(words_of_another_proxy, NEAR_MISSES[5])
