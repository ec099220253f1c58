"""From production to a laptop's own authority and to no edge at all, and back, on a real engine."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from tests.lab.clients import Client, shown_certificate, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.stack import Stack

HOST = "www.envs.test"
SPEC = f"""\
name: envs
services:
  site: {{image: "w:1", host: {HOST}, port: 80}}
environments:
  dev:
    acme: {{ca: local}}
    services: {{wild: {{image: "w:1", host: "*.apps.envs.test", port: 80}}}}
  bare: {{edge: none}}
"""


def files(project: Path) -> dict[str, bytes]:
    found = (path for path in project.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in found if ".edgegen" not in path.parts}


def start(stack: Stack, environment: str) -> None:
    stack.edgegen("render", "-e", environment)
    stack.edgegen("up", "--wait", "180", "-e", environment)


def test_an_environment_of_a_laptop_and_a_return_to_production_that_changes_nothing(stack: Stack) -> None:
    stack.write(SPEC)
    stack.render()
    stack.up()
    public = wait_for_certificate(stack.ground, HOST)
    stack.wait_until_stored(HOST)
    before = files(stack.folder)

    start(stack, "dev")
    local = stack.folder / ".edgegen/ca/root.pem"
    for host in (HOST, "anything.apps.envs.test"):
        wait_for_status(Client(stack.ground, local), host, 200)
        with pytest.raises(ssl.SSLCertVerificationError):
            Client(stack.ground, stack.root).get(host)
    mounted = docker(stack.ground, "inspect", "-f", "{{range .Mounts}}{{.Source}} {{end}}", stack.container("traefik"))
    assert str(stack.folder / ".edgegen/ca/leaf") in mounted.split()
    assert str(stack.folder / ".edgegen/ca") not in mounted.split()
    assert str(stack.folder / "acme") not in mounted.split()
    stack.edgegen("up", "--wait", "180", code=3)

    stack.edgegen("render", "-e", "bare")
    start(stack, "bare")
    running = docker(stack.ground, "ps", "--filter", "label=com.docker.compose.project=envs", "--format", "{{.Image}}")
    assert running.split() == ["w:1"]
    with pytest.raises(OSError):
        Client(stack.ground, local).get(HOST)

    start(stack, "base")
    assert wait_for_certificate(stack.ground, HOST) == public
    assert shown_certificate(stack.ground, HOST) == public
    assert files(stack.folder) == before
