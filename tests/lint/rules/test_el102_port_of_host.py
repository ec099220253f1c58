"""A port of the host where the container's own is needed: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el102_port_of_host as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, swarm

PORT = "traefik.http.services.web.loadbalancer.server.port={}"
MESSAGE = "{} medium `8080` is a port of the host, where it leads to {} of `web`, and Traefik needs the container's own"


def ported(ports: str, *more: str, port: str = "8080") -> str:
    """A service whose label names a port, and what it publishes."""
    return stack(PORT.format(port), more="\n".join([f"ports: [{ports}]", *more]))


CAUGHT = [
    (ported('"8080:80"'), [MESSAGE.format(5, 80)]),
    (ported('"127.0.0.1:8080:80"'), [MESSAGE.format(5, 80)]),
    (ported('{target: 3000, published: "8080"}'), [MESSAGE.format(5, 3000)]),
    (ported('"8079-8081:79-81"'), [MESSAGE.format(5, 80)]),
    (ported('"8080:80"', 'expose: ["80"]', "environment: {PORT: 80, NODE: v18080}"), [MESSAGE.format(5, 80)]),
    (swarm(PORT.format(8080), more='ports: ["8080:80"]'), [MESSAGE.format(6, 80)]),
]
PASSED = [
    ported('"8080:80"', port="80"),
    ported('"8080:8080"'),
    ported('"8080:80", "9090:8080"'),
    ported('"8080:80/udp"'),
    ported('"80"'),
    ported('"${PORT:-8080}:80", "$X:1"'),
    ported('"8080:80"', 'expose: ["8080"]'),
    ported('"8080:80"', "environment: {PORT: 8080}"),
    ported('"8080:80"', 'environment: ["LISTEN=0.0.0.0:8080"]'),
    ported('"8080:80"', "command: serve --port=8080"),
    ported('"8080:80"', "extends: {file: gone.yml, service: x}"),
    ported('"8080:80"', port="${PORT}"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL102") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL102") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_names_it", lambda *_: True)
    assert differences("EL102", CAUGHT, PASSED)
