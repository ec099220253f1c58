"""A push that dies at the sixtieth second."""

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
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
""",
        ["8 medium the default `readTimeout` of 60 seconds of the entrypoint `websecure` cuts"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.websecure.transport.respondingtimeouts.readtimeout=60s
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
""",
        ["9 medium `readTimeout` 60s of the entrypoint"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.websecure.transport.respondingtimeouts.readtimeout=120
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
""",
        ["9 medium `readTimeout` 120"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v2.11.31
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
""",
        ["8 medium the default"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
""",
        ["7 medium the default", "8 medium the default"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.web.http.redirections.entrypoint.to=websecure
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
""",
        ["8 medium the default"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.websecure.transport.respondingtimeouts.readtimeout=0
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.websecure.transport.respondingtimeouts.readtimeout=0s
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.websecure.transport.respondingtimeouts.readtimeout=1h
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.websecure.transport.respondingtimeouts.readtimeout=${T}
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
    Case("""\
services:
  edge:
    image: traefik:v2.10
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
  reg:
    image: registry:2
"""),
    Case("""\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "LEAST = 600.0", "LEAST = 10.0"), CASES)
    assert differences(with_fault(RULE, "Version(2, 11, 2)", "Version(2, 0, 0)"), CASES)
