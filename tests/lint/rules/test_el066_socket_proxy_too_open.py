"""A socket proxy that allows too much."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    environment:
      CONTAINERS: 1
      POST: 1
""",
        ["6 medium `POST=1` with `CONTAINERS=1` lets everyone who reaches this proxy start containers"],
    ),
    Case(
        """\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    environment:
      - POST=1
      - SERVICES=1
""",
        ["5 medium `POST=1` with `SERVICES=1` lets everyone who reaches this proxy change"],
    ),
    Case(
        """\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    environment:
      CONTAINERS: 1
      POST: 0
""",
        ["5 low `CONTAINERS=1` allows everything below"],
    ),
    Case(
        """\
services:
  s:
    image: lscr.io/linuxserver/socket-proxy:latest
    environment: {CONTAINERS: 1, POST: 1}
""",
        ["4 medium `POST=1`"],
    ),
    Case("""\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    environment:
      POST: 1
"""),
    Case("""\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    environment:
      EVENTS: 1
      PING: 1
"""),
    Case("""\
services:
  s:
    image: haproxy:3
    environment: {CONTAINERS: 1, POST: 1}
"""),
    Case("""\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    environment:
      POST: ${X}
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, 'said.get("POST") == "1"', 'said.get("POST") == "0"'), CASES)
