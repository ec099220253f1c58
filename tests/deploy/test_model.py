"""The project as the real Compose prints it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edgegen.deploy.model import HostFile, Project, Published, external_names

FILE = """
name: shop
services:
  edge:
    image: traefik:v3.7.15
    restart: unless-stopped
    ports: ["80:80", "127.0.0.1:8080:80", "[::1]:443:443/udp", "9000", "9100-9101:9100-9101", "1-9:7"]
    volumes: ["./acme:/acme", "/var/run/docker.sock:/var/run/docker.sock:ro", "data:/data"]
    networks: [front]
    secrets: [s]
    configs: [c]
  job: {image: "job:1", deploy: {restart_policy: {condition: on-failure}, replicas: 3}}
  off: {image: "off:1", scale: 0}
  idle: {image: "idle:1", profiles: [idle]}
networks: {front: {external: true, name: real-front}, back: {internal: true}}
volumes: {data: {external: true}, own: {}}
secrets: {s: {file: secrets/s}, e: {environment: HOME}}
configs: {c: {file: c.txt}, i: {content: text}}
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("config")
    (folder / "docker-compose.yml").write_text(FILE)
    beside = Path(sys.executable).parent / "docker-compose"
    program = str(beside) if beside.exists() else shutil.which("docker-compose")
    assert program, "the dev extra brings docker-compose"
    command = [program, "-f", str(folder / "docker-compose.yml"), "config", "--format", "json"]
    return folder, json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)


def test_names(config: tuple[Path, dict[str, Any]]) -> None:
    project = Project.read(config[1])
    assert (project.name, project.networks, project.volumes) == ("shop", ("real-front",), ("data",))


def test_services(config: tuple[Path, dict[str, Any]]) -> None:
    services = {service.name: service for service in Project.read(config[1]).services}
    assert set(services) == {"edge", "job", "off"}
    assert not services["edge"].finishes
    assert services["job"].finishes
    assert [services[name].replicas for name in ("edge", "job", "off")] == [1, 3, 0]


def test_ports(config: tuple[Path, dict[str, Any]]) -> None:
    assert set(Project.read(config[1]).published) == {
        Published(80, "tcp", "", "edge"),
        Published(8080, "tcp", "127.0.0.1", "edge"),
        Published(443, "udp", "::1", "edge"),
        Published(9100, "tcp", "", "edge"),
        Published(9101, "tcp", "", "edge"),
    }


def test_host_files(config: tuple[Path, dict[str, Any]]) -> None:
    folder, data = config
    assert set(Project.read(data).host_files) == {
        HostFile("services.edge", f"{folder}/acme"),
        HostFile("services.edge", "/var/run/docker.sock"),
        HostFile("secrets.s", f"{folder}/secrets/s"),
        HostFile("configs.c", f"{folder}/c.txt"),
    }


def test_a_raw_file_names_its_externals_as_well() -> None:
    raw = {"networks": {"a": {"external": True}, "b": {"external": True, "name": "real"}, "c": None, "d": {}}}
    assert external_names(raw, "networks") == ("a", "real")
    assert external_names(raw, "volumes") == ()


def test_an_empty_project() -> None:
    assert Project.read({"name": "x", "services": None}) == Project("x")


@pytest.mark.parametrize(
    ("more", "finishes"),
    [
        ({}, True),
        ({"labels": {"traefik.enable": "true"}}, False),
        ({"labels": {"traefik.enable": "false"}}, True),
        ({"ports": [{"published": "80", "target": 80}]}, False),
        ({"restart": "always"}, False),
    ],
)
def test_what_is_served_does_not_finish(more: dict[str, object], finishes: bool) -> None:
    """One with a host that has ended with 0 is not done: nobody answers there any more."""
    (service,) = Project.read(
        {"name": "shop", "services": {"job": {"image": "job:1", "restart": "no", **more}}}
    ).services
    assert service.finishes is finishes
