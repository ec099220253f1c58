"""A running stack, broken on purpose: one fault at a time, and mended again when the block ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from tests.lab.engine import docker
from tests.lab.override import Yaml
from tests.lab.stack import Stack


@contextlib.contextmanager
def label_typo(stack: Stack) -> Iterator[None]:
    """`certresolvers` for `certresolver`: Traefik drops the whole container."""
    with overridden(
        stack, registry={"labels": {"traefik.http.routers.registry-https.tls.certresolvers": "letsencrypt"}}
    ):
        yield


@contextlib.contextmanager
def redirection_without_to(stack: Stack) -> Iterator[None]:
    """The entrypoint's redirection lacks its goal, and the router on web is not held to https either."""
    command = [word for word in _command(stack) if ".redirections.entrypoint.to=" not in word]
    assert len(command) == len(_command(stack)) - 1
    middlewares = {"traefik.http.routers.registry-http.middlewares": Yaml("!reset null")}
    with overridden(stack, traefik={"command": command}, registry={"labels": middlewares}):
        yield


@contextlib.contextmanager
def htpasswd_missing(stack: Stack) -> Iterator[None]:
    """The folder with the users is another one, and empty: as a typo in the mount makes it."""
    (stack.folder / "nowhere").mkdir(exist_ok=True)
    mount = {"type": "bind", "source": "./nowhere", "target": "/auth"}
    with overridden(stack, registry={"volumes": [mount]}):
        yield


@contextlib.contextmanager
def read_timeout_at_its_default(stack: Stack) -> Iterator[None]:
    """Traefik's own limit of 60 seconds for reading a request holds again."""
    command = [word for word in _command(stack) if "readtimeout" not in word.lower()]
    assert len(command) == len(_command(stack)) - 1
    with overridden(stack, traefik={"command": command}):
        yield


@contextlib.contextmanager
def registry_without_auth(stack: Stack) -> Iterator[None]:
    """None of REGISTRY_AUTH… is set."""
    rendered = stack.compose["services"]["registry"]["environment"]
    gone = {name: Yaml("!reset null") for name in rendered if name.startswith("REGISTRY_AUTH")}
    assert gone
    with overridden(stack, registry={"environment": gone}):
        yield


@contextlib.contextmanager
def acme_store_open(stack: Stack) -> Iterator[None]:
    """acme.json is readable for others: Traefik skips the resolver."""
    store = stack.folder / "acme" / "acme.json"
    store.chmod(0o644)
    docker(stack.ground, "restart", stack.container("traefik"))
    try:
        yield
    finally:
        store.chmod(0o600)
        docker(stack.ground, "restart", stack.container("traefik"))


@contextlib.contextmanager
def container_down(stack: Stack) -> Iterator[None]:
    """The registry is stopped."""
    container = stack.container("registry")
    docker(stack.ground, "stop", "-t", "1", container)
    try:
        yield
    finally:
        docker(stack.ground, "start", container)


@contextlib.contextmanager
def dashboard_opened(stack: Stack) -> Iterator[None]:
    """`api.insecure`, and its port published."""
    command = [*_command(stack), "--api.insecure=true"]
    with overridden(stack, traefik={"command": command, "ports": ["8080:8080"]}):
        yield


@contextlib.contextmanager
def overridden(stack: Stack, **services: dict[str, Any]) -> Iterator[None]:
    """An override file beside the rendered one, as a user's own hand would write it."""
    stack.overrides = services
    try:
        stack.edgegen("up", "--wait", "60")
        yield
    finally:
        stack.overrides = {}
        stack.edgegen("up", "--wait", "60")


def _command(stack: Stack) -> list[str]:
    return list(stack.compose["services"]["traefik"]["command"])
