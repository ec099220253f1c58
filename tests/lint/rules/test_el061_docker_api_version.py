"""A version of the Docker API that Docker Engine 29 refuses."""

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
    environment:
      DOCKER_API_VERSION: "1.41"
""",
        ["8 high `DOCKER_API_VERSION=1.41` keeps"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    environment:
      - DOCKER_API_VERSION=1.24
""",
        ["8 high `DOCKER_API_VERSION=1.24` keeps"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    environment:
      DOCKER_API_VERSION: "1.44"
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    environment:
      DOCKER_API_VERSION: "1.51"
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    environment:
      - DOCKER_API_VERSION=${V}
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    environment:
      - DOCKER_API_VERSION
"""),
    Case("""\
services:
  web:
    image: app:1
    environment:
      DOCKER_API_VERSION: "1.41"
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "and is_too_old(value.text)", ""), CASES)
