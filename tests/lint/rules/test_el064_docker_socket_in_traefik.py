"""The Docker socket in Traefik."""

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
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
""",
        ["8 medium Traefik has the Docker socket: anyone who takes over Traefik owns the host; `read-only`"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    volumes:
      - {type: bind, source: /run/docker.sock, target: /var/run/docker.sock}
""",
        ["8 medium Traefik has the Docker socket"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    volumes:
      - /var/run:/var/run
""",
        ["8 medium Traefik has"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    volumes:
      - /srv/docker.sock.d:/x
"""),
    Case("""\
services:
  a:
    image: app:1
    volumes: ["/var/run/docker.sock:/s"]
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "sockets(service)", "list(sockets(service))[1:]"), CASES)
