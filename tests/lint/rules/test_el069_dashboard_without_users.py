"""A dashboard without users."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.dashboard_table import dashboard

RULE = module(__name__)
CASES = (
    Case(
        dashboard("Host(`t.example.com`)"),
        ["9 medium the dashboard's router `d` has no middleware"],
    ),
    Case(
        dashboard("Host(`traefik.localhost`)"),
        ["9 low the dashboard"],
    ),
    Case(
        dashboard(
            "Host(`t.example.com`)", "traefik.http.routers.d.middlewares=c", "traefik.http.middlewares.c.compress=true"
        ),
        ["9 medium the dashboard"],
    ),
    Case(
        dashboard(
            "Host(`t.example.com`)",
            "traefik.http.routers.d.middlewares=c",
            "traefik.http.middlewares.c.chain.middlewares=r",
            "traefik.http.middlewares.r.ratelimit.average=1",
        ),
        ["9 medium the dashboard"],
    ),
    Case(
        dashboard(
            "Host(`t.example.com`)",
            "traefik.http.routers.d.middlewares=a",
            "traefik.http.middlewares.a.basicauth.usersfile=/u",
        )
    ),
    Case(dashboard("Host(`t.example.com`)", "traefik.http.routers.d.middlewares=a@file")),
    Case(dashboard("Host(`t.example.com`)", "traefik.http.routers.d.middlewares=${M}")),
    Case(
        dashboard(
            "Host(`t.example.com`)",
            "traefik.http.routers.d.middlewares=c",
            "traefik.http.middlewares.c.chain.middlewares=a",
            "traefik.http.middlewares.a.forwardauth.address=http://x",
        )
    ),
    Case(
        dashboard(
            "Host(`t.example.com`)",
            "traefik.http.routers.d.middlewares=a",
            "traefik.http.middlewares.a.ipallowlist.sourcerange=10.0.0.0/8",
        )
    ),
    Case(dashboard("Host(`t.example.com`) && ClientIP(`10.0.0.0/8`)")),
    Case(dashboard("Host(`t.example.com`)", "traefik.enable=false")),
    Case(dashboard("Host(`t.example.com`)", service="web")),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.web.http.middlewares=a@docker
    labels:
      - traefik.http.routers.d.rule=Host(`t.example.com`)
      - traefik.http.routers.d.service=api@internal
      - traefik.http.middlewares.a.basicauth.usersfile=/u
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "is not Guarded.NO", "is Guarded.YES"), CASES)
    assert differences(with_fault(RULE, "edge.api_routers", 'edge.of("routers", "http")'), CASES)
