"""A certificate store that several Traefiks write."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy(more="deploy: {replicas: 2}\n"),
        ["9 medium `edge` runs 2 times, and each writes"],
    ),
    Case(
        proxy(more='deploy: {mode: global, labels: ["traefik.enable=true"]}\n'),
        ["9 medium `edge` runs on every node"],
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
      - --certificatesresolvers.le.acme.tlschallenge=true
  other:
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
""",
        ["18 medium `other` and `edge` have the same store"],
    ),
    Case(proxy(more="deploy: {replicas: 1}\n")),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    deploy: {replicas: 3}
"""),
    Case(
        proxy(
            more='deploy: {mode: global, labels: ["traefik.enable=true"], placement: {constraints: ["node.role == manager"]}}\n'
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
      - --certificatesresolvers.le.acme.tlschallenge=true
  other:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    volumes: ["more:/acme"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
      - --certificatesresolvers.le.acme.tlschallenge=true
volumes:
  acme:
  more:
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "traefik.replicas > 1", "traefik.replicas > 2"), CASES)
    assert differences(with_fault(RULE, "other.name != traefik.name", "False"), CASES)
