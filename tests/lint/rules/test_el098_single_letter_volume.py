"""A volume that looks like a Windows drive."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  a:
    image: app:1
    volumes:
      - v:/data
volumes:
  v:
""",
        ["5 high Compose reads `v:/data` as a path on Windows: nothing is mounted at `/data`"],
    ),
    Case("""\
services:
  a:
    image: app:1
    volumes: ["vv:/data"]
volumes:
  vv:
"""),
    Case("""\
services:
  a:
    image: app:1
    volumes: ["c:/Users/x:/data"]
"""),
    Case("""\
services:
  a:
    image: app:1
    volumes: [{type: volume, source: v, target: /data}]
volumes:
  v:
"""),
    Case("""\
services:
  a:
    image: app:1
    volumes: ["c:/Users/x:/data"]
volumes:
  c:
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "[A-Za-z]:/", "[0-9]:/"), CASES)
