"""A Traefik without security fixes."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  edge:
    image: traefik:v2.11
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 medium Traefik 2.11 gets no security fixes"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:1.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 medium Traefik 1.7 gets"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.0
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case("""\
services:
  edge:
    image: traefik:latest
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, '2: "since 2026-02-01"', '4: ""'), CASES)
