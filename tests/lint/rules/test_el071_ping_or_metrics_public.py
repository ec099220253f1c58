"""Metrics and the ping for everyone."""

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
      - --entrypoints.web.address=:80
      - --metrics.prometheus.entrypoint=web
""",
        ["8 medium `metrics.prometheus` answers on the entrypoint `web`, whose port 80"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["8080:8080"]
    command:
      - --metrics.prometheus=true
""",
        ["6 medium `metrics.prometheus` answers on the entrypoint `traefik`, whose port 8080"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --ping.entrypoint=web
      - --entrypoints.web.address=:80
""",
        ["6 low `ping` answers"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --metrics.prometheus=true
      - --ping=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --entrypoints.web.address=:80
      - --metrics.prometheus.entrypoint=m
      - --entrypoints.m.address=:8082
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --entrypoints.web.address=:80
      - --metrics.prometheus.entrypoint=web
      - --metrics.prometheus.manualrouting=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["8080:8080"]
    command:
      - --ping=false
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["127.0.0.1:80:80"]
    command:
      - --ping.entrypoint=web
      - --entrypoints.web.address=:80
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "not entrypoint.is_public", "entrypoint.is_public"), CASES)
    assert differences(with_fault(RULE, "switched_on(traefik.static, manual)", "False"), CASES)
