"""A cache of private images for everyone."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_PROXY_REMOTEURL: https://registry-1.docker.io
      REGISTRY_PROXY_USERNAME: me
    ports: ["5000:5000"]
""",
        ["6 medium the cache `reg` pulls with an account"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_PROXY_REMOTEURL: https://registry-1.docker.io
      REGISTRY_PROXY_USERNAME: me
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
""",
        ["6 medium the cache `reg`"],
    ),
    Case("""\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_PROXY_REMOTEURL: https://registry-1.docker.io
      REGISTRY_PROXY_USERNAME: me
"""),
    Case("""\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_PROXY_REMOTEURL: https://registry-1.docker.io
      REGISTRY_PROXY_USERNAME: me
    ports: ["127.0.0.1:5000:5000"]
"""),
    Case("""\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_PROXY_REMOTEURL: https://registry-1.docker.io
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
    Case("""\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_PROXY_REMOTEURL: https://registry-1.docker.io
      REGISTRY_PROXY_USERNAME: me
      REGISTRY_AUTH: htpasswd
      REGISTRY_AUTH_HTPASSWD_REALM: R
      REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
"""),
    Case("""\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_PROXY_REMOTEURL: https://registry-1.docker.io
      REGISTRY_PROXY_USERNAME: me
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
      - traefik.http.routers.r.entrypoints=websecure
      - traefik.http.routers.r.middlewares=a
      - traefik.http.middlewares.a.basicauth.usersfile=/u
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "if is_open or", "if not is_open or"), CASES)
