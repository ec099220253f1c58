"""A dashboard whose rule forgets the API."""

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
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=Host(`t.example.com`) && PathPrefix(`/dashboard`)
      - traefik.http.routers.d.service=api@internal
""",
        ["8 medium the rule of `d` matches `/dashboard` and not `/api`"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=PathPrefix(`/dashboard`)
      - traefik.http.routers.d.service=api@internal
""",
        ["8 medium the rule of `d`"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=Host(`t.example.com`)
      - traefik.http.routers.d.service=api@internal
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=Host(`t.example.com`) && (PathPrefix(`/api`) || PathPrefix(`/dashboard`))
      - traefik.http.routers.d.service=api@internal
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=PathPrefix(`/api`)
      - traefik.http.routers.d.service=api@internal
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=PathPrefix(`/dashboard`)
      - traefik.http.routers.d.service=api@internal
      - traefik.http.routers.e.rule=PathPrefix(`/api`)
      - traefik.http.routers.e.service=api@internal
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=PathPrefix(`/dashboard`)
      - traefik.http.routers.d.service=web
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=Host(`${H}`) && PathPrefix(`/dashboard`)
      - traefik.http.routers.d.service=api@internal
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels:
      - traefik.http.routers.d.rule=PathPrefix(`/dashboard`
      - traefik.http.routers.d.service=api@internal
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, '_serves(rule, "/dashboard/")', '_serves(rule, "/api/")'), CASES)
    assert differences(with_fault(RULE, '"/api/overview"', '"/x"'), CASES)
