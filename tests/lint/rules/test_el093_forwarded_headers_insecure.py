"""An entrypoint that believes any address."""

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
      - --entrypoints.web.address=:80
      - --entrypoints.web.forwardedheaders.insecure=true
""",
        ["7 medium `web` believes the address that any client claims"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.web.proxyprotocol.insecure=true
""",
        ["7 medium `web` believes"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.web.forwardedheaders.insecure=false
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["127.0.0.1:80:80"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.web.forwardedheaders.insecure=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.web.forwardedheaders.insecure=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.web.forwardedheaders.trustedips=10.0.0.0/8
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "not entrypoint.is_public", "entrypoint.is_public"), CASES)
    assert differences(with_fault(RULE, "value = switched_on(traefik.static, ", "value = traefik.static.get("), CASES)
