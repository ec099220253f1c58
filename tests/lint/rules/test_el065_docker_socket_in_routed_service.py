"""The Docker socket in a routed service."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  web:
    image: app:1
    labels: ["traefik.enable=true"]
    volumes: /var/run/docker.sock:/var/run/docker.sock:ro
""",
        ["5 medium `web` has a route and the Docker socket"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    labels: ["traefik.enable=true"]
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
""",
        ["6 medium `web` has a route and the Docker socket"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    labels: ["traefik.http.routers.w.rule=Host(`a.b`)"]
    volumes:
      - /var/run/docker.sock:/s
""",
        ["6 medium `web`"],
    ),
    Case("""\
services:
  web:
    image: app:1
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
"""),
    Case("""\
services:
  web:
    image: app:1
    labels: ["traefik.enable=false", "traefik.http.routers.w.rule=Host(`a.b`)"]
    volumes:
      - /var/run/docker.sock:/s
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --providers.docker.exposedbydefault=false
  web:
    image: app:1
    labels: ["traefik.http.routers.w.rule=Host(`a.b`)"]
    volumes:
      - /var/run/docker.sock:/s
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    labels: ["traefik.enable=true"]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "if name in routed(project):", "if True:"), CASES)
    assert differences(with_fault(RULE, "if name in proxies:", "if False:"), CASES)
