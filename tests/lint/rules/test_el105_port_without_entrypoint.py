"""A published port of Traefik where nothing listens: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el105_port_without_entrypoint as rule
from tests.lint.support import found, project
from tests.lint.table import differences, traefik

SILENT = "4 {} port {} of the host leads to {} of `traefik`, where no entrypoint listens"


def edge(ports: str, *flags: str, more: str = "") -> str:
    """A Traefik with entrypoints on 80 and 443, that publishes these ports."""
    return "services:\n" + traefik(*flags, more="\n".join([f"ports: [{ports}]", *filter(None, [more])]))


CAUGHT = [
    (edge('"80:8000"'), [SILENT.format("medium", "80/tcp", 8000)]),
    (edge('"127.0.0.1:9000:9000"'), [SILENT.format("low", "9000/tcp", 9000)]),
    (edge('"80:80", {target: 8443, published: "443"}'), [SILENT.format("medium", "443/tcp", 8443)]),
    (edge('"80-81:80-81"'), [SILENT.format("low", "81/tcp", 81)]),
    (edge('"53:53/udp"', "--entrypoints.dns.address=:53"), [SILENT.format("medium", "53/udp", 53)]),
    (edge('"53:53"', "--entrypoints.dns.address=:53/udp"), [SILENT.format("medium", "53/tcp", 53)]),
    (edge('"443:443", "443:443/udp"'), [SILENT.format("low", "443/udp", 443)]),
    (edge('"8080:8080"', "--api=true"), [SILENT.format("low", "8080/tcp", 8080)]),
    (
        edge('"8443:443"', "--entrypoints.websecure.http3=true"),
        ["9 low `websecure` announces HTTP/3, and port 443 is not published for UDP"],
    ),
]
PASSED = [
    edge('"80:80", "443:443"'),
    edge('"8080:8080"', "--api.insecure=true"),
    edge('"8080:8080"', "--ping=true"),
    edge('"53:53/udp", "53:53"', "--entrypoints.dns.address=:53/udp", "--entrypoints.dot.address=:53"),
    edge('"443:443", "443:443/udp"', "--entrypoints.websecure.http3=true"),
    edge('"443:443", "443:443/UDP"', "--entrypoints.websecure.http3=true"),
    edge('"80:80"', "--entrypoints.websecure.http3=true"),
    edge('"9000:9000"', "--entrypoints.more.address=${ADDRESS}"),
    edge('"9000:$PORT", "$PORT:80"'),
    edge('"9000:9000"', more="network_mode: host"),
    "services:\n" + traefik(usual=["--providers.docker=true"], more='ports: ["80:80"]'),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL105") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL105") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "listening", lambda _: iter(()))
    assert differences("EL105", CAUGHT, PASSED)
