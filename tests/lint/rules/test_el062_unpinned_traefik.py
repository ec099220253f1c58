"""A Traefik that is not pinned."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  edge:
    image: traefik
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 medium `traefik` is not pinned"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:latest
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 medium `traefik:latest` is not"],
    ),
    Case(
        """\
services:
  edge:
    image: docker.io/traefik:nightly
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
""",
        ["3 medium `docker.io/traefik:nightly`"],
    ),
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
    image: traefik:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
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
  a:
    image: traefik/whoami
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, '"latest", ', ""), CASES)
