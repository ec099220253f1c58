"""A secret that is sent to the builder."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  web:
    build: .
    volumes: ./acme.json:/acme.json
""",
        ["3 medium the build context `.` sends secrets to the builder: `acme.json`"],
        files={"acme.json": '{"le": {"Certificates": [{}]}}'},
    ),
    Case(
        """\
services:
  web:
    build: .
secrets:
  db:
    file: ./db.txt
""",
        ["3 medium the build context `.` sends secrets to the builder: `db.txt`"],
        files={"db.txt": "x"},
    ),
    Case(
        """\
services:
  web:
    build: .
secrets:
  db:
    file: ./db.txt
""",
        ["3 medium the build context `.` sends"],
        files={"db.txt": "x", ".dockerignore": "node_modules\n"},
    ),
    Case(
        """\
services:
  web:
    build:
      context: ./app
secrets:
  db:
    file: ./app/db.txt
""",
        ["4 medium the build context `app` sends secrets to the builder: `app/db.txt`"],
        files={"app/db.txt": "x"},
    ),
    Case(
        """\
services:
  web:
    build: .
secrets:
  db:
    file: ./db.txt
""",
        files={"db.txt": "x", ".dockerignore": "db.txt\n"},
    ),
    Case(
        """\
services:
  web:
    build: .
secrets:
  db:
    file: ./db.txt
""",
        files={"db.txt": "x", ".dockerignore": "*\n!src\n"},
    ),
    Case("""\
services:
  web:
    build: .
secrets:
  db:
    file: ./db.txt
"""),
    Case(
        """\
services:
  web:
    build: ./app
secrets:
  db:
    file: ./db.txt
""",
        files={"db.txt": "x"},
    ),
    Case(
        """\
services:
  web:
    image: app:1
secrets:
  db:
    file: ./db.txt
""",
        files={"db.txt": "x"},
    ),
    Case(
        """\
services:
  web:
    build: .
secrets:
  db:
    file: ../db.txt
""",
        files={"db.txt": "x"},
    ),
    Case(
        """\
services:
  web:
    build: https://github.com/a/b.git
secrets:
  db:
    file: ./db.txt
""",
        files={"db.txt": "x"},
    ),
    Case(
        """\
services:
  web:
    build: .
    env_file: .env
""",
        files={".env": "DB_PASSWORD=kJ8s9dKq2L\n"},
    ),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, 'item.kind != "env"', 'item.kind == "env"'), CASES)
    assert differences(
        with_fault(RULE, "reaches_builder(_below(path, context), parse(content), Builder.BUILDKIT)", "True"), CASES
    )
