"""The Docker API on a published port."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    ports:
      - 2375:2375
    environment: {CONTAINERS: 1}
""",
        ["5 medium the Docker API is published without a password: whoever reaches port 2375 sees every container"],
    ),
    Case(
        """\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    ports:
      - 2375:2375
    environment: {CONTAINERS: 1, POST: 1}
""",
        ["5 high the Docker API is published"],
    ),
    Case(
        """\
services:
  d:
    image: docker:28-dind
    ports: ["0.0.0.0:2376:2375"]
""",
        ["4 high the Docker API is published without a password: whoever reaches port 2376"],
    ),
    Case(
        """\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    ports: ["192.168.1.5:2375:2375"]
""",
        ["4 medium the Docker API"],
    ),
    Case("""\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
    ports: ["127.0.0.1:2375:2375"]
"""),
    Case("""\
services:
  d:
    image: docker:28-dind
    ports: ["2376:2376"]
"""),
    Case("""\
services:
  d:
    image: docker:28-cli
    ports: ["2375:2375"]
"""),
    Case("""\
services:
  sock:
    image: tecnativa/docker-socket-proxy:0.3
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, ">= Reach.ADDRESS", "> Reach.ALL"), CASES)
