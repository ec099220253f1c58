"""A challenge by DNS without a login."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=cloudflare
volumes:
  acme:
""",
        ["10 medium the resolver `le` needs a login for `cloudflare`, and"],
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=digitalocean
    environment: [TZ=UTC]
volumes:
  acme:
""",
        ["10 medium the resolver `le` needs a login for `digitalocean`"],
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=cloudflare
    env_file: cf.env
volumes:
  acme:
""",
        ["10 unknown whether `edge` has a login for `cloudflare`"],
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=cloudflare
    environment: [CF_DNS_API_TOKEN]
volumes:
  acme:
"""),
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=cloudflare
    environment:
      CF_DNS_API_TOKEN_FILE: /run/secrets/cf
volumes:
  acme:
"""),
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=cloudflare
    environment: ["CLOUDFLARE_DNS_API_TOKEN=${T}"]
volumes:
  acme:
"""),
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=route53
volumes:
  acme:
"""),
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=${P}
volumes:
  acme:
"""),
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=cloudflare
    env_file: cf.env
volumes:
  acme:
""",
        files={"cf.env": "CF_DNS_API_TOKEN=x\n"},
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
      - --certificatesresolvers.le.acme.tlschallenge=true
volumes:
  acme:
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, ".startswith(starts)", '.startswith("X")'), CASES)
    assert differences(with_fault(RULE, "environment_is_hidden(project, traefik)", "False"), CASES)
