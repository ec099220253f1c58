"""A TCP router that matches a host name without TLS: what is caught, and what is not."""

from __future__ import annotations

import re

import pytest

from edgegen.lint.rules import el030_sni_without_tls as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack("traefik.tcp.routers.db.rule=HostSNI(`db.test`)"),
        ["5 high Traefik disables the TCP router `db`: it matches a host, and has no TLS"],
    ),
    (
        stack("traefik.tcp.routers.db.rule=HostSNI(`db.test`)", "traefik.tcp.routers.db.tls=false"),
        ["5 high Traefik disables the TCP router `db`: it matches a host, and has no TLS"],
    ),
    (
        stack("traefik.tcp.routers.db.rule=HostSNIRegexp(`db`)"),
        ["5 medium no connection matches the TCP router `db`: without TLS none names a host"],
    ),
]
PASSED = [
    stack("traefik.tcp.routers.db.rule=HostSNI(`*`)"),
    stack("traefik.tcp.routers.db.rule=HostSNI(`db.test`)", "traefik.tcp.routers.db.tls.passthrough=true"),
    stack("traefik.tcp.routers.db.rule=HostSNI(`db.test`)", "traefik.tcp.routers.db.tls=${T}"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL030") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL030") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_NAMES", re.compile("nothing"))
    assert differences("EL030", CAUGHT, PASSED)
