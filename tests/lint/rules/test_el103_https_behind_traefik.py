"""A service behind Traefik that speaks https: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el103_https_behind_traefik as rule
from tests.lint.cases import Case
from tests.lint.cases import differences as case_differences
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

RULE = "traefik.http.routers.web.rule=Host(`a.test`)"
SERVICE = "traefik.http.services.web.loadbalancer."
SKIPPED = "--serverstransport.insecureskipverify=true"
ADDRESS = "Traefik calls `web` by the container's address, which its certificate does not name: 500"


def https(*more: str, port: str = "8443") -> str:
    """A service with https by its labels."""
    return stack(RULE, f"{SERVICE}server.port={port}", f"{SERVICE}server.scheme=https", *more)


CAUGHT = [
    (
        stack(RULE, f"{SERVICE}server.port=443"),
        ["6 medium Traefik speaks plain HTTP to port 443 of `web`, which is usually for https"],
    ),
    (
        stack(RULE, f"{SERVICE}server.port=9443"),
        ["6 low Traefik speaks plain HTTP to port 9443 of `web`, which is usually for https"],
    ),
    (https(), [f"7 low {ADDRESS}, unless its Traefik has `serverstransport.insecureskipverify`"]),
    (https() + traefik(), [f"7 high {ADDRESS}"]),
    (https(port="5000") + traefik("--serverstransport.insecureskipverify=false"), [f"7 high {ADDRESS}"]),
]
PASSED = [
    stack(RULE, f"{SERVICE}server.port=80"),
    stack(RULE, f"{SERVICE}server.port=443", f"{SERVICE}server.scheme=http"),
    stack(RULE, f"{SERVICE}server.port=443", f"{SERVICE}server.scheme=${{SCHEME}}"),
    stack(RULE, f"{SERVICE}server.port=8443").replace("image: app:1", "image: lscr.io/linuxserver/code-server:4.93"),
    stack(RULE, f"{SERVICE}server.url=https://inside.test:8443"),
    https(f"{SERVICE}serverstransport=inside@file"),
    https() + traefik(SKIPPED),
    https() + traefik("--serverstransport.insecureskipverify=${SKIP}"),
    stack(
        "traefik.tcp.routers.web.rule=HostSNI(`a.test`)", "traefik.tcp.routers.web.tls.passthrough=true",
        "traefik.tcp.services.web.loadbalancer.server.port=443",
    ),
]  # fmt: skip

WITH_FILES = traefik("--providers.file.directory=/rules", more='volumes: ["./rules:/rules:ro"]')
FILE = """\
http:
  routers: {nas: {rule: "Host(`nas.test`)", service: nas}}
  services:
    nas:
      loadBalancer:
        servers:
          - url: http://192.0.2.9
          - url: %s
"""


def in_a_file(url: str, *messages: str, flag: str = "", more: str = "") -> Case:
    """A service of a dynamic file with this URL."""
    compose = f"services:\n{WITH_FILES}" + (f"      - {flag}\n" if flag else "")
    return Case(compose, messages, files={"rules/nas.yml": FILE % url + more})


CASES = [
    in_a_file("https://192.0.2.10:5001", "8 medium Traefik calls `nas` by the address 192.0.2.10"),
    in_a_file('"https://[2001:db8::1]"', "8 medium Traefik calls `nas` by the address 2001:db8::1"),
    in_a_file("https://nas.example.com"),
    in_a_file("http://192.0.2.10:443"),
    in_a_file("https://192.0.2.10", flag=SKIPPED),
    in_a_file("https://192.0.2.10", more="        serversTransport: lax\n"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL103") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL103") == []


@pytest.mark.parametrize("case", CASES)
def test_files(case: Case) -> None:
    assert case_differences(rule, [case]) == []


def test_the_tables_notice_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_is_checked", lambda *_: False)
    assert differences("EL103", CAUGHT, PASSED)
    assert case_differences(rule, CASES)
