"""A configuration that the registry never reads."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  reg:
    image: registry:3
    volumes:
      - ./c.yml:/etc/docker/registry/config.yml
""",
        ["5 high `registry:3` never reads `/etc/docker/registry/config.yml`: version 3 reads"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    volumes:
      - ./c:/etc/distribution
""",
        ["5 high `registry:2` never reads"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:3.0.0
    configs:
      - {source: c, target: /etc/docker/registry/config.yml}
configs:
  c:
    file: ./c.yml
""",
        ["5 high `registry:3.0.0`"],
    ),
    Case("""\
services:
  reg:
    image: registry:2
    volumes:
      - ./c.yml:/etc/docker/registry/config.yml
"""),
    Case("""\
services:
  reg:
    image: registry:3
    volumes:
      - ./c.yml:/etc/distribution/config.yml
"""),
    Case("""\
services:
  reg:
    image: registry:3
    command: serve /etc/docker/registry/config.yml
    volumes:
      - ./c.yml:/etc/docker/registry/config.yml
"""),
    Case("""\
services:
  reg:
    image: registry:3
    command: ["/etc/docker/registry/config.yml"]
    volumes:
      - ./c.yml:/etc/docker/registry/config.yml
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "CONFIG[5 - registry.version]", "CONFIG[registry.version]"), CASES)
