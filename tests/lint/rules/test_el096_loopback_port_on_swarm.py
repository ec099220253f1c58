"""A loopback port on a swarm."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
    ports:
      - 127.0.0.1:8080:80
""",
        ["7 medium a swarm ignores the address `127.0.0.1`: port 8080"],
    ),
    Case("""\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
    ports: ["8080:80", "0.0.0.0:81:81"]
"""),
    Case("""\
services:
  web:
    image: app:1
    labels: ["traefik.enable=true"]
    ports: ["127.0.0.1:8080:80"]
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "not Mode.SWARM", "Mode.SWARM"), CASES)
