"""A resolver of a router that passes TLS through: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el111_resolver_with_passthrough as rule
from tests.lint.edge_table import edge, said
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

ROUTER = "traefik.tcp.routers.db"
RULE = f"{ROUTER}.rule=HostSNI(`db.example.com`)"
RESOLVER = f"{ROUTER}.tls.certresolver=le"
MESSAGE = "low `db` passes TLS through, and nobody sees the certificate that `le` orders for it"

CAUGHT = [
    (stack(RULE, f"{ROUTER}.tls.passthrough=true", RESOLVER) + traefik(), [f"7 {MESSAGE}"]),
    (stack(RULE, RESOLVER, f"{ROUTER}.tls.passthrough=1"), [f"6 {MESSAGE}"]),
]
PASSED = [
    stack(RULE, f"{ROUTER}.tls.passthrough=true") + traefik(),
    stack(RULE, RESOLVER) + traefik(),
    stack(RULE, f"{ROUTER}.tls.passthrough=false", RESOLVER) + traefik(),
    stack(RULE, f"{ROUTER}.tls.passthrough=${{PASS}}", RESOLVER) + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL111") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL111") == []


def test_a_dynamic_file() -> None:
    compose = edge("--entrypoints.web.address=:80", "--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']")
    router = "{rule: 'HostSNI(`db.example.com`)', service: db, tls: {passthrough: true, certResolver: le}}"
    text = f"tcp: {{routers: {{db: {router}}}}}"
    assert said("EL111", (compose, {"dyn/a.yml": text})) == [f"1 {MESSAGE}"]


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "TRUE", ())
    assert differences("EL111", CAUGHT, PASSED)
