"""A wildcard certificate without DNS."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy(
            more="labels:\n  - traefik.http.routers.w.rule=Host(`a.example.com`)\n  - traefik.http.routers.w.tls.certresolver=le\n  - traefik.http.routers.w.tls.domains[0].main=example.com\n  - traefik.http.routers.w.tls.domains[0].sans=*.example.com\n"
        ),
        ["15 high `*.example.com` needs a challenge by DNS, and the resolver `le` has none"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    volumes: ["acme:/acme"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
      - --certificatesresolvers.le.acme.httpchallenge.entrypoint=web
      - --entrypoints.websecure.http.tls.certresolver=le
      - '--entrypoints.websecure.http.tls.domains[0].main=*.example.com'
volumes:
  acme:
""",
        ["12 high `*.example.com`"],
    ),
    Case(
        proxy(
            "dnschallenge.provider=cloudflare",
            more="labels:\n  - traefik.http.routers.w.rule=Host(`a.example.com`)\n  - traefik.http.routers.w.tls.certresolver=le\n  - traefik.http.routers.w.tls.domains[0].main=example.com\n  - traefik.http.routers.w.tls.domains[0].sans=*.example.com\n",
        )
    ),
    Case(
        proxy(
            more="labels:\n  - traefik.http.routers.w.rule=Host(`a.example.com`)\n  - traefik.http.routers.w.tls.certresolver=le\n"
        )
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    volumes: ["acme:/acme"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
    labels:
      - traefik.http.routers.w.rule=Host(`a.example.com`)
      - traefik.http.routers.w.tls.certresolver=le
      - traefik.http.routers.w.tls.domains[0].main=example.com
      - traefik.http.routers.w.tls.domains[0].sans=*.example.com
volumes:
  acme:
"""),
    Case(
        proxy(
            more="labels:\n  - traefik.http.routers.w.rule=Host(`a.example.com`)\n  - traefik.http.routers.w.tls.certresolver=other\n  - traefik.http.routers.w.tls.domains[0].main=example.com\n  - traefik.http.routers.w.tls.domains[0].sans=*.example.com\n"
        )
    ),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, '"dnschallenge" not in', '"dnschallenge" in'), CASES)
