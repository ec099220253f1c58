"""TCP routers with TLS for protocols that don't begin with it."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.table import stack, traefik

RULE = module(__name__)
R = "traefik.tcp.routers.git"
PORT = "traefik.tcp.services.git.loadbalancer.server.port"
HOST = f"{R}.rule=HostSNI(`git.a.test`)"


def app(*labels: str) -> str:
    return stack(HOST, *labels) + traefik()


FILE = (
    "services:\n  edge:\n    image: traefik:v3.7\n    command: [--providers.file.filename=/d.yml]\n"
    "    volumes: ['./d.yml:/d.yml']\n"
)
ROUTES = (
    "tcp:\n  routers: {a: {rule: HostSNI(`a.test`), service: a, tls: {passthrough: true}}}\n"
    "  services: {a: {loadBalancer: {servers: [{address: '192.0.2.1:PORT'}]}}}\n"
)
CASES = (
    Case(
        app(f"{R}.tls=true", f"{PORT}=22"),
        ["6 medium the TCP router `git` has TLS and leads to port 22, where SSH is usual: its clients don't begin with"],
    ),
    Case(app(f"{R}.tls.certresolver=le", f"{PORT}=3306"), ["6 medium the TCP router `git` has TLS and leads to port 3306"]),
    Case(app(f"{R}.service=git", f"{R}.tls.passthrough=true", f"{PORT}=587"), ["7 medium the TCP router `git` has TLS and"]),
    Case(FILE, ["2 medium the TCP router `a` has TLS and leads to port 25"], files={"d.yml": ROUTES.replace("PORT", "25")}),
    # What must not be found.
    Case(FILE, files={"d.yml": ROUTES.replace("PORT", "993")}),
    Case(app(f"{R}.tls=true", f"{PORT}=5432")),
    Case(app(f"{R}.tls=true", f"{PORT}=853")),
    Case(app(f"{PORT}=22")),
    Case(app(f"{R}.tls=true", f"{PORT}=${{PORT}}")),
    Case(app(f"{R}.tls=${{TLS}}", f"{PORT}=22")),
    Case(stack("traefik.http.routers.git.rule=Host(`a.test`)", "traefik.http.routers.git.tls=true", f"{PORT}=22")),
    Case(stack(HOST, f"{R}.tls=true", f"{PORT}=22", enable="false")),
    Case(app(f"{R}.tls=true", f"{R}.service=web", f"{PORT}=22", "traefik.tcp.services.web.loadbalancer.server.port=443")),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for old, new in (
        ("router.has_tls and router.known", "router.known"),
        ("router.has_tls and router.known", "router.has_tls"),
        ('if name := router.text("service"):', 'if (name := "") and router:'),
        (' edge.of("routers", "tcp")', ' edge.of("routers")'),
    ):
        assert differences(with_fault(RULE, old, new), CASES), old
