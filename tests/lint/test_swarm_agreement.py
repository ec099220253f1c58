"""Lint and the real Traefik about services of a swarm: ports, labels of the other provider, references."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from edgegen.core.finding import Outcome, Severity
from edgegen.lint import engine
from edgegen.lint.engine import lint
from edgegen.lint.rules import rules
from tests.fakes.swarm_api import FakeSwarmApi
from tests.lint.support import project
from tests.traefik.process import running

ROUTER, SERVICE = "traefik.http.routers.#", "traefik.http.services.#.loadbalancer"
GOOD: Mapping[str, str] = {
    "traefik.enable": "true",
    f"{ROUTER}.rule": "Host(`#.test`)",
    f"{SERVICE}.server.port": "80",
}
WITHOUT_PORT = {key: value for key, value in GOOD.items() if "port" not in key}
TCP: Mapping[str, str] = {
    "traefik.enable": "true",
    "traefik.tcp.routers.#.rule": "HostSNI(`*`)",
    "traefik.tcp.services.#.loadbalancer.server.port": "1",
}
ZIP = {"traefik.http.middlewares.m#.compress": "true"}
CASES: Mapping[str, Mapping[str, str]] = {
    "good": GOOD,
    "without a port": WITHOUT_PORT,
    "the dashboard without a port": {**WITHOUT_PORT, f"{ROUTER}.service": "api@internal"},
    "a url": {**WITHOUT_PORT, f"{SERVICE}.server.url": "http://127.0.0.1:1"},
    "a second service without a port": {
        **GOOD, f"{ROUTER}.service": "#", "traefik.http.services.b#.loadbalancer.passhostheader": "true",
    },
    "labels of both providers": {**GOOD, "traefik.docker.network": "edge", "traefik.swarm.network": "edge"},
    "labels of the other provider": {**GOOD, "traefik.docker.network": "edge"},
    "a middleware of the other provider": {**GOOD, **ZIP, f"{ROUTER}.middlewares": "m#@docker"},
    "a middleware": {**GOOD, **ZIP, f"{ROUTER}.middlewares": "m#@swarm"},
    "no such network": {**GOOD, "traefik.swarm.network": "nope"},
    "tcp": TCP,
    "tcp with an http middleware": {**TCP, **ZIP},
}  # fmt: skip
PROXY = """\
  traefik:
    image: traefik:v3.7.15
    command:
      - --providers.swarm=true
      - --providers.swarm.exposedbydefault=false
      - --entrypoints.web.address=:80
      - --api=true
    networks: [edge]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
    deploy: {placement: {constraints: [node.role == manager]}}
"""


@pytest.mark.slow
def test_traefik_and_lint_say_the_same() -> None:
    said = verdicts(by_traefik())
    assert verdicts(by_lint) == said
    assert len(said) == 7


def test_a_rule_that_is_left_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = verdicts(by_lint)
    kept = tuple(item for item in rules() if item[0].id != "EL014")
    monkeypatch.setattr(engine, "asked", lambda _: kept)
    lost = {*before} - {*verdicts(by_lint)}
    assert len(lost) == 4
    assert "without a port" in lost


def test_the_labels_of_containers_are_not_read() -> None:
    text = stack("    labels:\n", GOOD, "c0x")
    assert [item.finding.id for item in lint(project(text)) if item.finding.severity is Severity.HIGH] == ["EL016"]


def verdicts(bad: object) -> list[str]:
    """The names of the cases with a fault."""
    assert callable(bad)
    return [name for index, (name, labels) in enumerate(CASES.items()) if bad(index, labels)]


def by_lint(index: int, labels: Mapping[str, str]) -> bool:
    findings = [item.finding for item in lint(project(stack("    deploy:\n      labels:\n", labels, f"c{index}x")))]
    severe = (Severity.HIGH, Severity.MEDIUM)
    return any(item.id < "EL040" and item.outcome is Outcome.FAIL and item.severity in severe for item in findings)


def by_traefik() -> object:
    services = [
        {"name": f"c{index}x", "labels": named(labels, f"c{index}x"), "networks": {"edge": f"10.9.0.{index + 1}"}}
        for index, labels in enumerate([*CASES.values(), GOOD])
    ]
    last = f"c{len(CASES)}x@swarm"
    with FakeSwarmApi(services) as api:
        flags = ["--providers.swarm=true", "--providers.swarm.exposedbydefault=false"]
        with running([*flags, f"--providers.swarm.endpoint={api.endpoint}"]) as traefik:
            data = traefik.until(lambda data: last in data.get("routers", {}), seconds=60)
            assert last in data.get("routers", {}), traefik.log[-5:]
            data = traefik.until(lambda data: all("status" in item for item in data["routers"].values()), seconds=60)
            traefik.until_silent(0.1, at_most=60)
            log = list(traefik.log)

    def is_bad(index: int, _: Mapping[str, str]) -> bool:
        name = f"c{index}x"
        routers = {**data["routers"], **(data.get("tcpRouters") or {})}
        router = routers.get(f"{name}@swarm", {"status": "missing"})
        lines = [line for line in log if re.search(rf"\b{name}\b", line) and re.search(r"\b(WRN|ERR)\b", line)]
        return router["status"] != "enabled" or bool(lines)

    return is_bad


def named(labels: Mapping[str, str], name: str) -> dict[str, str]:
    return {key.replace("#", name): value.replace("#", name) for key, value in labels.items()}


def stack(under: str, labels: Mapping[str, str], name: str) -> str:
    lines = "".join(f"        {key}: '{value}'\n" for key, value in named(labels, name).items())
    networks = "networks:\n  edge: {external: true}\n"
    return f"services:\n{PROXY}  {name}:\n    image: app:1\n    networks: [edge]\n{under}{lines}{networks}"
