"""One misspelt word gives one finding: nothing else follows from it."""

from __future__ import annotations

import pytest

from edgegen.core.finding import Severity
from edgegen.lint import edge
from edgegen.lint.engine import lint
from edgegen.lint.reader import traefiks
from tests.lint.support import project

STACK = """\
name: shop
services:
  traefik:
    image: traefik:v3.7.15
    command:
      - --providers.docker.exposedbydefault=false
      - --entrypoints.web.address=:80
      - --entrypoints.webSecure.address=:443
      - --entrypoints.web.http.redirections.entrypoint.to=webSecure
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
      - --certificatesresolvers.le.acme.httpchallenge.entrypoint=web
      - --api=true
    ports: ["80:80", "443:443"]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro", "acme:/acme"]
    secrets: [users]
    labels:
      - traefik.enable=true
      - traefik.http.routers.shop-dash.rule=Host(`t.example.com`)
      - traefik.http.routers.shop-dash.service=api@internal
      - traefik.http.routers.shop-dash.entrypoints=webSecure
      - traefik.http.routers.shop-dash.tls.certresolver=le
      - traefik.http.routers.shop-dash.middlewares=shop-auth
      - traefik.http.middlewares.shop-auth.basicauth.usersfile=/run/secrets/users
  app:
    image: nginx:1.27
    labels:
      - traefik.enable=true
      - traefik.http.routers.shop-app.rule=Host(`a.example.com`)
      - traefik.http.routers.shop-app.entrypoints=webSecure
      - traefik.http.routers.shop-app.tls.certresolver=le
      - traefik.http.routers.shop-app.middlewares=shop-chain
      - traefik.http.routers.shop-app.service=shop-app
      - traefik.http.services.shop-app.loadbalancer.server.port=80
      - traefik.http.middlewares.shop-chain.chain.middlewares=shop-lan,shop-login
      - traefik.http.middlewares.shop-lan.ipallowlist.sourcerange=10.0.0.0/8
      - traefik.http.middlewares.shop-login.forwardauth.address=http://app/
      - traefik.http.middlewares.shop-login.forwardauth.maxresponsebodysize=1000
volumes: {acme: }
secrets: {users: {file: ./users}}
"""
_BAD = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)
SLIPS = [
    ("webSecure.address", "webSecure.addres", "EL040"),
    ("--entrypoints.webSecure.a", "--entrypoint.webSecure.a", "EL040"),
    ("redirections.entrypoint.to=", "redirections.entrypoint.too=", "EL040"),
    ("acme.storage", "acme.storages", "EL040"),
    ("le.acme.http", "le.acm.http", "EL040"),
    ("httpchallenge.entrypoint=", "httpchallenge.entrypoints=", "EL040"),
    ("--api=", "--apis=", "EL040"),
    ("shop-dash.rule", "shop-dash.rules", "EL001"),
    ("http.routers.shop-app.rule", "http.router.shop-app.rule", "EL001"),
    ("shop-dash.middlewares", "shop-dash.middleware", "EL001"),
    ("shop-dash.tls.cert", "shop-dash.tsl.cert", "EL001"),
    ("basicauth.usersfile", "basicauth.userfile", "EL001"),
    ("http.services.shop-app", "http.service.shop-app", "EL001"),
    ("chain.middlewares", "chain.middleware", "EL001"),
    ("http.middlewares.shop-chain", "http.middleware.shop-chain", "EL001"),
    ("ipallowlist.sourcerange", "ipallowlist.sourceranges", "EL001"),
    ("ipallowlist.sourcerange", "ipallowlists.sourcerange", "EL001"),
    ("forwardauth.address", "forwardauth.adress", "EL001"),
    ("middlewares=shop-auth", "middlewares=shop-auht", "EL005"),
    ("=shop-lan,", "=shop-lna,", "EL005"),
]


def _bad(compose: str) -> list[str]:
    """Ids of what is worse than `low`; the stack's own socket is left out."""
    found = [result.finding for result in lint(project(compose))]
    return [item.id for item in found if item.severity in _BAD and item.id != "EL064"]


def test_the_stack_is_sound() -> None:
    assert _bad(STACK) == []


@pytest.mark.parametrize(("word", "slip", "rule"), SLIPS)
def test_a_slip_is_one_finding(word: str, slip: str, rule: str) -> None:
    assert STACK.count(word) == 1
    assert _bad(STACK.replace(word, slip)) == [rule]


def test_the_table_notices_that_slips_are_not_read_as_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "as_meant", lambda labels, _: labels)
    monkeypatch.setattr(traefiks, "as_meant", lambda static, _: static)
    assert [slip for word, slip, rule in SLIPS if _bad(STACK.replace(word, slip)) != [rule]] != []
