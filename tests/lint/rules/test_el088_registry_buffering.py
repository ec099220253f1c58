"""Whole layers in the memory of the proxy."""

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
      - traefik.http.routers.r.middlewares=a
      - traefik.http.middlewares.a.buffering.maxrequestbodybytes=10
""",
        ["8 medium the middleware `a` (buffering) before the registry `reg` stores"],
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
      - traefik.http.middlewares.a.compress=true
""",
        ["8 low the middleware `a` (compress)"],
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
      - traefik.http.middlewares.a.chain.middlewares=b
      - traefik.http.middlewares.b.buffering.memrequestbodybytes=1
""",
        ["8 medium the middleware `b`"],
    ),
    Case("""\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
      - traefik.http.routers.r.middlewares=a
      - traefik.http.middlewares.a.ratelimit.average=10
"""),
    Case("""\
services:
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
      - traefik.http.middlewares.a.buffering.maxrequestbodybytes=10
"""),
    Case("""\
services:
  reg:
    image: app:1
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
      - traefik.http.routers.r.middlewares=a
      - traefik.http.middlewares.a.buffering.maxrequestbodybytes=10
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "kinds_before(edge_of(project), router)", "[]"), CASES)
