"""A registry to which anyone can push."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
""",
        ["3 high the registry `reg` has a route and asks for no password"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
      - traefik.http.routers.r.middlewares=a
      - traefik.http.middlewares.a.headers.framedeny=true
""",
        ["3 high the registry `reg` has a route"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    ports:
      - "5000:5000"
""",
        ["5 medium the registry `reg` is published on every address"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
    env_file: reg.env
""",
        ["3 unknown whether `reg` asks for a password"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
    volumes: ["./config.yml:/etc/docker/registry/config.yml"]
""",
        ["3 unknown whether `reg`"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
    volumes: ["./config.yml:/etc/docker/registry/config.yml"]
""",
        ["3 high the registry `reg` has a route"],
        files={"config.yml": "version: 0.1\nhttp:\n  addr: :5000\n"},
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
    environment:
      REGISTRY_ATUH: htpasswd
""",
        ["3 high the registry"],
    ),
    Case("""\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
    environment:
      REGISTRY_AUTH: htpasswd
      REGISTRY_AUTH_HTPASSWD_REALM: R
      REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd
"""),
    Case("""\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
      - traefik.http.routers.r.middlewares=a
      - traefik.http.middlewares.a.basicauth.usersfile=/u
"""),
    Case("""\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
      - traefik.http.routers.r.middlewares=a@file
"""),
    Case("""\
services:
  reg:
    image: registry:2
"""),
    Case("""\
services:
  reg:
    image: registry:2
    ports: ["127.0.0.1:5000:5000"]
"""),
    Case(
        """\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
    volumes: ["./config.yml:/etc/docker/registry/config.yml"]
""",
        files={"config.yml": "version: 0.1\nauth:\n  htpasswd:\n    realm: x\n"},
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
    env_file: reg.env
""",
        files={"reg.env": "REGISTRY_AUTH=htpasswd\nREGISTRY_AUTH_HTPASSWD_REALM=R\nREGISTRY_AUTH_HTPASSWD_PATH=/x\n"},
    ),
    Case("""\
services:
  ui:
    image: joxit/docker-registry-ui:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(
        with_fault(RULE, "state is Guarded.NO and asks is False", "state is Guarded.YES and asks is False"), CASES
    )
    assert differences(with_fault(RULE, "if asks:", "if True:"), CASES)


def test_a_router_that_only_reads_does_not_open_it() -> None:
    compose = CASES[0].compose
    guarded = (
        "      - traefik.http.routers.r.middlewares=a\n      - traefik.http.middlewares.a.basicauth.usersfile=/u\n"
        "      - traefik.http.routers.p.rule=Host(`r.example.com`) && (Method(`GET`) || Method(`HEAD`))\n"
    )
    assert differences(RULE, [Case(compose + guarded)]) == []
    pushes = guarded.replace("Method(`HEAD`)", "Method(`PUT`)")
    assert differences(RULE, [Case(compose + pushes, ["3 high the registry `reg` has a route"])]) == []
