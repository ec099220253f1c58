"""A Traefik that Docker Engine 29 refuses."""

from __future__ import annotations

import pytest

from edgegen.lint.engine import lint
from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.support import project

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  edge:
    image: traefik:v3.3
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 high Traefik 3.3 shows no route"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:3.6.0
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 high Traefik 3.6.0 shows no route"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v2.10.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 high Traefik 2.10.7 shows no route"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v2.11.30
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 high Traefik 2.11.30 shows no route"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:1.7-alpine
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 high Traefik 1.7 shows no route"],
    ),
    Case(
        """\
services:
  edge:
    image: docker.io/library/traefik:v3.0.4
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 high Traefik 3.0.4 shows no route"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.5
    ports: ["80:80", "443:443"]
    command:
      - --providers.swarm=true
""",
        ["3 high Traefik 3.5 shows no route"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.4
""",
        ["3 high Traefik 3.4"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.6
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.6.1
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v3
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v2.11
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case("""\
services:
  edge:
    image: traefik:2.11.31
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case("""\
services:
  edge:
    image: traefik
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
    Case("""\
services:
  edge:
    image: traefik:v3.7.15
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case("""\
services:
  edge:
    image: traefik:${V}
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.3
    ports: ["80:80", "443:443"]
    command:
      - --providers.file.directory=/x
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "or negotiates(version)", "or version.major > 2"), CASES)
    assert differences(with_fault(RULE, 'static.has("providers.docker")', "True"), CASES)


@pytest.mark.parametrize(
    ("version", "hint"),
    [
        ("1.7", "move to Traefik 3, like `traefik:v3.7`: its labels and options are different ones"),
        ("v2.10", "use 2.11.31 or later, or Traefik 3.7"),
        ("v3.3", "use 3.6.1 or later, like `traefik:v3.7`"),
    ],
)
def test_the_hint_fits_the_version(version: str, hint: str) -> None:
    compose = f"services: {{edge: {{image: 'traefik:{version}', command: [--providers.docker=true]}}}}"
    said = {result.finding.id: result.finding.hint for result in lint(project(compose))}
    assert said["EL060"] == hint
    assert ("--upgrade" in said.get("EL063", "")) is version.startswith("v2")
