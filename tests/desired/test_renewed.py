"""What an earlier edgegen rendered otherwise is said, and said once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.project.render import prepare, write

SPEC = """\
name: a
services:
  hub: {kind: registry, host: r.shop.example, users: [ci], anonymous: pull}
  own: {kind: registry, host: own.shop.example, users: [ci]}
"""
OLD = """\
services:
  docker-socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.1
    volumes: [{type: bind, source: /var/run/docker.sock, target: /var/run/docker.sock}]
  hub: {image: "registry:2.8.3", networks: [edge]}
  own: {image: "registry:2.8.3", networks: [edge]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def said(project: Path) -> list[str]:
    return [str(problem) for problem in prepare(project, None, environ={}).warnings]


@pytest.mark.slow
def test_the_proxy_and_the_network_of_an_anonymous_registry(project: Path) -> None:
    (project / "docker-compose.yml").write_text(OLD)
    proxy, network = said(project)
    assert "the socket proxy is now `haproxy:3.2-alpine`" in proxy
    assert "`hub` moves from the network `edge` to `hub-edge`" in network
    write(project, prepare(project, None, environ={}), force=True)
    assert said(project) == []
    (project / "edge.yaml").write_text(SPEC.replace("r.example", "s.example"))
    assert said(project) == []


@pytest.mark.slow
def test_a_new_project_has_nothing_to_hear(project: Path) -> None:
    assert said(project) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "[]",
        "services: []",
        "services: {docker-socket-proxy: 1, hub: 1}",
        "services: {hub: {networks: 5}}",
        "\0",
        "",
    ],
)
def test_whatever_lies_there_is_no_reason_to_fail(project: Path, text: str) -> None:
    (project / "docker-compose.yml").write_text(text)
    assert said(project) == []


FLAGS = ["--providers.docker=true", "--providers.docker.exposedbydefault=false"]
CONSTRAINT = "--providers.docker.constraints=Label(`com.docker.compose.project`,`a`)"
VARIABLES = {"TRAEFIK_PROVIDERS_DOCKER": "true"}


@pytest.mark.parametrize(
    ("traefik", "edge", "expected"),
    [
        ({"command": FLAGS}, "", 1),
        ({"environment": VARIABLES}, "", 1),
        ({"command": FLAGS}, "edge: {serves: own}\n", 1),
        ({"command": FLAGS}, "edge: {serves: all}\n", 0),
        ({"command": [*FLAGS, CONSTRAINT]}, "", 0),
        ({"environment": {**VARIABLES, "TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS": "x"}}, "", 0),
        ({"command": 5}, "", 0),
        (None, "", 0),
    ],
)
def test_a_traefik_that_read_every_label(tmp_path: Path, traefik: object, edge: str, expected: int) -> None:
    (tmp_path / "edge.yaml").write_text(f"name: a\n{edge}")
    before = {"services": {"traefik": traefik} if traefik else {}}
    (tmp_path / "docker-compose.yml").write_text(json.dumps(before))
    found = [line for line in said(tmp_path) if "containers of this project only" in line]
    assert len(found) == expected
    write(tmp_path, prepare(tmp_path, None, environ={}), force=True)
    assert said(tmp_path) == []
