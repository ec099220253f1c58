"""The API of Traefik without a password."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "8080:8080"]
    command:
      - --providers.docker=true
      - --api.insecure=true
""",
        ["7 high the API and the dashboard of Traefik answer without a password on port 8080, which is published"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --api.insecure
""",
        ["7 medium the API and the dashboard of Traefik answer without a password on port 8080, to every container"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["127.0.0.1:8080:8080"]
    command:
      - --api.insecure=true
""",
        ["6 low the API"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["9000:9000"]
    command:
      - --api.insecure=true
      - --entrypoints.traefik.address=:9000
""",
        ["6 high the API and the dashboard of Traefik answer without a password on port 9000"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    network_mode: host
    command: --api.insecure=true
""",
        ["5 high the API"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["8080:8080"]
    command:
      - --providers.docker=true
      - --api.insecure=false
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["8080:8080"]
    command:
      - --providers.docker=true
      - --api=true
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --api.insecure=${X}
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    planted = with_fault(RULE, 'switched_on(traefik.static, "api.insecure")', 'traefik.static.get("api.insecure")')
    assert differences(planted, CASES)
    assert differences(with_fault(RULE, "if reach is Reach.ALL", "if reach is Reach.LOOPBACK"), CASES)
