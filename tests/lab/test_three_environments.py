"""The starter `three-env`: what runs in dev, and what in production.

Stand-ins: `postgres:14-alpine` and `redis:7-alpine` are Debian's servers, and `node:22-alpine`, on which the app's
Dockerfile builds, is this machine's Node.
"""

from __future__ import annotations

from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.images import ensure, ensure_images
from tests.lab.stack import Stack
from tests.lab.starter import begin, is_published, published

HOST = "app.commenthouse.com"


def test_dev_has_the_port_and_production_has_the_edge(stack: Stack) -> None:
    begin(stack, "three-env", HOST)
    ensure_images(stack.ground, stack.compose)
    ensure(stack.ground, "node:22-alpine")
    dev(stack)
    production(stack)


def dev(stack: Stack) -> None:
    stack.edgegen("render", "-e", "dev")
    stack.edgegen("up", "--wait", "180", "-e", "dev")
    assert published(stack.ground, 3000).body == b"It works.\n"
    assert services(stack) == ["app", "db", "redis"]
    assert not is_published(stack.ground, 80)
    assert not is_published(stack.ground, 443)


def production(stack: Stack) -> None:
    """What was tried is what is released: the image of dev under the name that production runs."""
    docker(stack.ground, "tag", image(stack), "app:production")
    stack.edgegen("render", "-e", "production")
    assert "build" not in stack.compose["services"]["app"]
    stack.edgegen("up", "--wait", "180", "-e", "production")
    assert services(stack) == ["app", "db", "docker-socket-proxy", "redis", "traefik"]
    assert image(stack) == "app:production"
    wait_for_certificate(stack.ground, HOST)
    visitor = Client(stack.ground, stack.root)
    wait_for_status(visitor, HOST, 200)
    assert visitor.get(HOST).body == b"It works.\n"
    assert not is_published(stack.ground, 3000)


def services(stack: Stack) -> list[str]:
    label = "com.docker.compose.service"
    return sorted(docker(stack.ground, "ps", "--format", f'{{{{.Label "{label}"}}}}').split())


def image(stack: Stack) -> str:
    return docker(stack.ground, "inspect", "-f", "{{.Config.Image}}", stack.container("app")).strip()
