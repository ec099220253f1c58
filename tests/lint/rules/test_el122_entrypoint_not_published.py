"""Entrypoints that nobody outside reaches."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)


def edge(ports: str, *flags: str, more: str = "") -> str:
    lines = "".join(f"      - {flag}\n" for flag in ("--providers.docker", "--entrypoints.s.address=:443", *flags))
    return f"services:\n  edge:\n    image: traefik:v3.7\n    command:\n{lines}    ports: {ports}\n{more}"


def app(*labels: str) -> str:
    return "  app:\n    image: app:1\n    labels:\n" + "".join(f"      - traefik.{label}\n" for label in labels)


GIT = "--entrypoints.ssh.address=:2222"
SSH = app(
    "tcp.routers.git.rule=HostSNI(`*`)",
    "tcp.routers.git.entrypoints=ssh",
    "tcp.services.git.loadbalancer.server.port=22",
)
DNS = app("udp.routers.dns.entrypoints=dns", "udp.services.dns.loadbalancer.server.port=53")
WEB = app("http.routers.app.rule=Host(`a.test`)", "http.routers.app.entrypoints=w")
ONLY_443 = "['443:443']"
CASES = (
    Case(
        edge(ONLY_443, GIT) + SSH,
        ["7 medium no published port of `edge` leads to `ssh` (port 2222), which the router `git` is on"],
    ),
    Case(
        edge(ONLY_443, "--entrypoints.dns.address=:53/udp") + DNS,
        ["7 medium no published port of `edge` leads to `dns` (port 53/udp), which the router `dns` is on"],
    ),
    Case(edge(ONLY_443, "--entrypoints.w.address=:80") + WEB, ["7 medium no published port of `edge` leads to `w` (port 80)"]),
    # What must not be found.
    Case(edge("['443:443', '2222:2222']", GIT) + SSH),
    Case(edge("['443:443', '2200-2300:2200-2300']", GIT) + SSH),
    Case(edge("['443:443', '${PORT}:2222']", GIT) + SSH),
    Case(edge("['443:443', '${PORTS}']", GIT) + SSH),
    Case(edge("[]", GIT) + SSH),
    Case(edge(ONLY_443, GIT, more="    network_mode: host\n") + SSH),
    Case(edge(ONLY_443, GIT)),
    Case(edge(ONLY_443, "--entrypoints.w.address=:8000") + WEB),
    Case(edge(ONLY_443, "--entrypoints.w.address=:80") + WEB + "  cf: {image: cloudflare/cloudflared:2025.1}\n"),
    Case(edge(ONLY_443, "--entrypoints.w.address=:80") + WEB + "  cf: {image: '${TUNNEL}'}\n"),
    Case(edge(ONLY_443, "--entrypoints.w.address=:80", "--api") + WEB.replace("entrypoints=w", "entrypoints=w\n      - traefik.http.routers.app.service=api@internal")),
    Case(edge(ONLY_443, "--entrypoints.w.address=:80", "--certificatesresolvers.le.acme.httpchallenge.entrypoint=w") + WEB),
    # The port is there for the other protocol: EL105's.
    Case(edge("['443:443', '53:53']", "--entrypoints.dns.address=:53/udp") + DNS),
    Case("services:\n" + SSH),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for old, new in (
        ("port.unset or covers(port.target, address.port)", "port.target == str(address.port)"),
        ("or not service.ports", ""),
        ("service.network_mode and", "False and"),
        (" or _is_for_challenge(item, name, address.port)", ""),
        ('if router.section == "http" and address.port not in _WEB:', "if False:"),
        ('or router.text("service").endswith("@internal")', ""),
        ("image.name in _TUNNELS", "False"),
    ):
        assert differences(with_fault(RULE, old, new), CASES), old
