"""A running stack, broken on purpose: one fault at a time, and mended again when the block ends."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from tests.lab.engine import docker
from tests.lab.stack import Stack

OVERRIDE = "compose.override.yaml"


class Yaml(str):
    """A value of an override file that is written as it stands, tags included."""


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
    path = stack.folder / OVERRIDE
    path.write_text(_yaml({"services": services}))
    try:
        stack.edgegen("up", "--wait", "60")
        yield
    finally:
        path.unlink()
        stack.edgegen("up", "--wait", "60")


def _command(stack: Stack) -> list[str]:
    return list(stack.compose["services"]["traefik"]["command"])


def _yaml(value: Any) -> str:
    """JSON, which is YAML, with room for Compose's own tags."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return str(value) if isinstance(value, Yaml) else json.dumps(value)
