"""No finding shows a secret: every place that may hold one has the same word, and no rule repeats it."""

from __future__ import annotations

from edgegen.lint.engine import lint
from tests.lint.support import project

SECRET = "kJ8s9dKq2LqQ8sPz7vT1uWmN"  # nobody's
STACK = f"""\
services:
  edge:
    image: traefik:v3.3
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
      - --certificatesresolvers.le.acme.dnschallenge.provider=cloudflare
      - --certificatesresolvers.le.acme.eab.hmacencoded={SECRET}
    environment:
      CF_DNS_API_TOKEN: {SECRET}
      DOCKER_API_VERSION: "1.41"
    volumes:
      - ./acme:/acme
      - ./site.key:/site.key
    labels:
      - traefik.http.routers.d.rule=Host(`t.example.com`)
      - traefik.http.routers.d.service=api@internal
      - traefik.http.middlewares.a.basicauth.users=ci:{SECRET}
  reg:
    image: registry:2
    build: .
    environment:
      REGISTRY_AUTH_HTPASWD_PATH: {SECRET}
      REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd
      REGISTRY_HTTP_SECRE: {SECRET}
    volumes: ["./auth:/auth"]
    labels: [traefik.enable=true]
secrets:
  db:
    file: ./db.txt
"""
FILES = {
    ".env": f"DB_PASSWORD={SECRET}\n",
    "db.txt": SECRET,
    "acme/acme.json": f'{{"Certificates": [], "key": "-----BEGIN PRIVATE KEY-----{SECRET}"}}',
    "site.key": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n",
    "auth/htpasswd": f"ci:$apr1$x${SECRET}\n",
}


def test_no_finding_repeats_a_secret() -> None:
    results = lint(project(STACK, files=FILES, tracked=FILES))
    found = {result.finding.id for result in results}
    assert found >= {"EL060", "EL061", "EL073", "EL076", "EL077", "EL083", "EL086", "EL090"}, "it is looked at"
    for result in results:
        finding = result.finding
        shown = [finding.subject, finding.message, finding.hint, result.fix.summary if result.fix else ""]
        assert not any(SECRET in text for text in shown), finding


def test_a_hash_is_not_taken_for_variables() -> None:
    hashed = f"ci:$2y$05${SECRET}.x,b:$apr1${SECRET[:8]}${SECRET}"
    texts = [f"traefik.http.middlewares.a.basicauth.users={hashed}", "a=$OTHER"]
    stack = "services:\n  a:\n    image: x\n    labels:\n" + "".join(f"      - {text}\n" for text in texts)
    messages = [result.finding.message for result in lint(project(stack))]
    assert not any(SECRET[:8] in message for message in messages), messages
    assert "the variable OTHER has no value" in messages
