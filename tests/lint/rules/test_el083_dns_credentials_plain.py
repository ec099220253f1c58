"""A login for a DNS provider in the Compose file."""

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
    environment:
      CF_DNS_API_TOKEN: kJ8s9dKq2LqQ8sPz7vT1uWmN
volumes:
  acme:
""",
        ["12 medium `CF_DNS_API_TOKEN` is in the file"],
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
      - --certificatesresolvers.le.acme.dnschallenge.provider=duckdns
    environment:
      - DUCKDNS_TOKEN=0f8e7d6c-5b4a-4938-a716-05f4e3d2c1b0
volumes:
  acme:
""",
        ["12 medium `DUCKDNS_TOKEN`"],
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
    environment:
      CF_DNS_API_TOKEN: ${CLOUDFLARE_ZONE_TOKEN:-kJ8s9dKq2L}
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
      CF_DNS_API_TOKEN: your-cloudflare-token
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
      CF_DNS_API_TOKEN_FILE: /run/secrets/cloudflare-token
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
        files={"cf.env": "CF_DNS_API_TOKEN=kJ8s9dKq2LqQ8sPz7vT1uWmN\n"},
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
    environment:
      CF_API_EMAIL: someone-with-a-long-name@site.org
volumes:
  acme:
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "name.upper() in SECRETS", "name.upper() not in SECRETS"), CASES)
    assert differences(with_fault(RULE, '"$" in text or', ""), CASES)
