"""A database on a published port."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  db:
    image: postgres:16
    ports:
      - 5432:5432
""",
        ["5 medium the database `db` listens on port 5432"],
    ),
    Case(
        """\
services:
  db:
    image: bitnami/redis:7
    ports: ["0.0.0.0:6380:6379"]
""",
        ["4 medium the database `db` listens on port 6380"],
    ),
    Case(
        """\
services:
  db:
    image: mongo
    ports: ["27017-27019:27017-27019"]
""",
        ["4 medium the database"],
    ),
    Case("""\
services:
  db:
    image: postgres:16
    ports: ["127.0.0.1:5432:5432"]
"""),
    Case("""\
services:
  db:
    image: postgres:16
"""),
    Case("""\
services:
  db:
    image: app:1
    ports: ["5432:5432"]
"""),
    Case("""\
services:
  db:
    image: rabbitmq:3
    ports: ["15672:15672"]
"""),
    Case("""\
services:
  db:
    image: postgres:16
    ports: ["${DB_PORT}:5432"]
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "is Reach.ALL", "is Reach.LOOPBACK"), CASES)
