"""A connection whose certificate nobody checks."""

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
      - --serverstransport.insecureskipverify=true
""",
        ["6 low Traefik checks the certificate of no service"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.file.directory=/d
    volumes: ["./d:/d"]
""",
        ["4 info the transport `nas` checks no certificate"],
        files={"d/a.yml": "http:\n  serversTransports:\n    nas:\n      insecureSkipVerify: true\n"},
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --serverstransport.insecureskipverify=false
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --serverstransport.insecureskipverify=${X}
"""),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.file.directory=/d
    volumes: ["./d:/d"]
""",
        files={"d/a.yml": "http:\n  serversTransports:\n    nas:\n      insecureSkipVerify: false\n"},
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(
        with_fault(RULE, '"insecureskipverify").lower() == "true"', '"insecureskipverify").lower() == "false"'), CASES
    )
