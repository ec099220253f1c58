"""TCP and UDP services of labels without a router: Traefik adds none."""

from __future__ import annotations

import pytest

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
PORT = "traefik.tcp.services.db.loadbalancer.server.port=5432"
EDGE = "  edge: {image: 'traefik:v3.7', command: [--providers.docker, --entrypoints.db.address=:5432]}\n"


def db(*labels: str, more: str = "") -> str:
    lines = "".join(f"      - {label}\n" for label in labels)
    return f"services:\n  db:\n    image: postgres:16\n{more}    labels:\n{lines}{EDGE}"


CASES = (
    Case(
        db("traefik.enable=true", PORT),
        ["6 medium no router leads to the TCP service `db`: Traefik adds one for HTTP only, and forwards"],
    ),
    Case(db("traefik.udp.services.dns.loadbalancer.server.port=53"), ["5 medium no router leads to the UDP service"]),
    # Its own port is open, so it is not out of reach.
    Case(db(PORT, more="    ports: ['3478:3478/udp']\n"), ["6 low no router leads to the TCP service `db`"]),
    # The router is one of HTTP.
    Case(db(PORT, "traefik.http.routers.db.rule=Host(`a.test`)"), ["5 medium no router leads to the TCP service"]),
    # It has one.
    Case(db(PORT, "traefik.tcp.routers.db.rule=HostSNI(`*`)")),
    Case(db(PORT, "traefik.tcp.routers.other.rule=HostSNI(`*`)", "traefik.tcp.routers.other.service=db")),
    Case(db(PORT) + "  w: {image: 'w:1', labels: ['traefik.tcp.routers.w.rule=HostSNI(`a.test`)', "
         "traefik.tcp.routers.w.service=db]}\n"),
    Case(db(PORT) + "  w: {image: 'w:1', labels: ['traefik.tcp.routers.w.rule=HostSNI(`a.test`)', "
         "'traefik.tcp.routers.w.service=$WHICH']}\n"),
    # A router of the container names another: it may be left over, and misleads nobody.
    Case(db(PORT, "traefik.tcp.routers.db.rule=HostSNI(`*`)", "traefik.tcp.routers.db.service=other@file")),
    # Not looked at, or it can't be known.
    Case(db(PORT).replace("[--", "[--providers.docker.exposedbydefault=false, --")),
    Case(db("traefik.enable=false", PORT)),
    Case(db(PORT, more="    extends: {file: elsewhere.yml, service: db}\n")),
    # HTTP: Traefik makes a router, and a swarm needs the port of a dashboard.
    Case(db("traefik.http.services.db.loadbalancer.server.port=80")),
    Case(db("traefik.http.services.dummy.loadbalancer.server.port=80", "traefik.http.routers.api.rule=Host(`a.test`)",
            "traefik.http.routers.api.service=api@internal")),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_router_of_a_dynamic_file_may_name_it() -> None:
    mounted = "edge: {image: 'traefik:v3.7', volumes: ['./d.yml:/d.yml'], command: [--providers.docker, "
    compose = db(PORT).replace(
        "edge: {image: 'traefik:v3.7', command: [", f"{mounted}--providers.file.filename=/d.yml, "
    )
    dynamic = "tcp: {routers: {x: {rule: 'HostSNI(`*`)', service: db@docker}}}\n"
    assert differences(RULE, (Case(compose, files={"d.yml": dynamic}),)) == []
    assert differences(RULE, (Case(compose, ["5 medium"], files={"d.yml": "http: {}\n"}),)) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("edge.takes(item) and ", ""),
        ("router.owner == own or ", ""),
        ("or not router.knows(\"service\")", ""),
        ("item.service and item.service.ports", "item.service and not item.service.ports"),
    ],
)  # fmt: skip
def test_a_fault_in_the_rule_is_noticed(right: str, wrong: str) -> None:
    assert differences(with_fault(RULE, right, wrong), CASES)
