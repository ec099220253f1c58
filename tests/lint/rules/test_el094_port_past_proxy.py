"""A port that leads past the proxy."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
      - traefik.http.services.w.loadbalancer.server.port=80
    ports:
      - "8080:80"
""",
        ["8 medium port 8080 of the host leads to `web` past Traefik"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
    ports:
      - "8080:80"
""",
        ["7 medium port 8080"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
      - traefik.http.services.w.loadbalancer.server.port=80
    ports:
      - {target: 80, published: 8080}
      - "22:22"
""",
        ["8 medium port 8080"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true","traefik.http.services.w.loadbalancer.server.port=80"]
    ports: ["127.0.0.1:8080:80"]
""",
        ["6 medium port 8080"],
    ),
    Case("""\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
      - traefik.http.services.w.loadbalancer.server.port=80
    ports: ["127.0.0.1:8080:80"]
"""),
    Case("""\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
      - traefik.http.services.w.loadbalancer.server.port=80
    ports: ["22:22"]
"""),
    Case("""\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
    ports: ["22:22", "80:80"]
"""),
    Case("""\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
      - traefik.http.services.w.loadbalancer.server.port=80
"""),
    Case("""\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
      - traefik.http.services.w.loadbalancer.server.port=80
    ports: ["80:80/udp"]
"""),
    Case("""\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=true
      - traefik.http.services.w.loadbalancer.server.port=80
    ports: ["${BIND}:8080:80"]
"""),
    Case("""\
services:
  web:
    image: app:1
    ports: ["80:80"]
"""),
    Case("""\
services:
  web:
    image: app:1
    labels:
      - traefik.enable=false
      - traefik.http.services.w.loadbalancer.server.port=80
    ports: ["80:80"]
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80"]
    command:
      - --providers.docker=true
    labels: ["traefik.enable=true"]
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "covers(port.target, number)", "not covers(port.target, number)"), CASES)
    assert differences(with_fault(RULE, "or name in proxies", ""), CASES)
