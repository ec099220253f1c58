"""Every rule of the table, in both syntaxes: edgegen's word, and whether the real Traefik disables the router."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgegen.traefik.rule_words import fault_of_version_2, rule_fault
from edgegen.traefik.version import Version
from tests.fakes.docker_api import FakeDockerApi
from tests.lab.traefiks import traefik
from tests.sizes import sized
from tests.traefik.process import BINARY, running
from tests.traefik.rule_cases import CASES

pytestmark = pytest.mark.lab
OTHERS = sized(("3.0.4",), ("3.0.4", "3.2.3", "3.3.6", "3.4.3", "3.5.3", "3.6.15"))


def disabled(binary: Path) -> list[bool]:
    """Of each rule, whether it costs its router."""
    containers = [_container(f"c{index}x", *case) for index, case in enumerate(CASES)]
    containers.append(_container("zz", "Host(`zz`)", "v3", "http"))
    with (
        FakeDockerApi(containers) as api,
        running(["--providers.docker=true", f"--providers.docker.endpoint={api.endpoint}"], binary=binary) as traefik,
    ):
        data = traefik.until(lambda data: "zz@docker" in data.get("routers", {}), seconds=60)
    routers = {**data["routers"], **data["tcpRouters"]}
    return [routers[f"c{index}x@docker"]["status"] == "disabled" for index in range(len(CASES))]


def _container(name: str, rule: str, syntax: str, section: str) -> dict[str, Any]:
    labels = {
        f"traefik.{section}.routers.{name}.rule": rule,
        f"traefik.{section}.routers.{name}.rulesyntax": syntax,
        f"traefik.{section}.services.{name}.loadbalancer.server.port": "80",
    }
    if section == "tcp":
        labels[f"traefik.tcp.routers.{name}.tls"] = "true"
    return {"name": name, "labels": labels, "networks": ["net"], "ports": [80]}


def differing(binary: Path, judge: Callable[..., str | None]) -> list[tuple[str, str, str]]:
    done = disabled(binary)
    assert sum(done) > 80
    assert done.count(False) > 80
    return [case for case, bad in zip(CASES, done, strict=True) if bool(judge(*case)) != bad]


def test_every_rule_is_judged_as_traefik_judges_it() -> None:
    assert differing(BINARY, rule_fault) == []


@pytest.mark.parametrize("version", OTHERS)
def test_every_rule_on_an_older_traefik(version: str) -> None:
    ours = Version(*map(int, version.split(".")))
    assert differing(traefik(version), lambda *case: rule_fault(*case, ours)) == []


def test_a_judge_that_takes_everything_is_seen() -> None:
    assert len(differing(BINARY, lambda *case: None)) > 80


def test_rules_of_version_2() -> None:
    assert fault_of_version_2("Host(`a`, `b`)")
    assert fault_of_version_2("HostSNI(`a`, `b`)", "tcp")
    assert not fault_of_version_2("Host(`a`)")
    assert not fault_of_version_2("Hots(`a`)")
