"""A running stack, broken on purpose: one fault at a time.

What an override changes stays until the next override, or `mend`: a start between two faults would show nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from tests.lab.engine import docker
from tests.lab.override import Yaml
from tests.lab.stack import Stack


def label_typo(stack: Stack) -> None:
    """`certresolvers` for `certresolver`: Traefik drops the whole container."""
    typo = "traefik.http.routers.registry-https.tls.certresolvers"
    override(stack, registry={"labels": {typo: "letsencrypt"}})


def redirection_without_to(stack: Stack) -> None:
    """The entrypoint's redirection lacks its goal, and the router on web is not held to https either."""
    command = _without(stack, ".redirections.entrypoint.to=")
    middlewares = {"traefik.http.routers.registry-http.middlewares": Yaml("!reset null")}
    override(stack, traefik={"command": command}, registry={"labels": middlewares})


def htpasswd_missing(stack: Stack) -> None:
    """The folder with the users is another one, and empty: as a typo in the mount makes it."""
    (stack.folder / "nowhere").mkdir(exist_ok=True)
    mount = {"type": "bind", "source": "./nowhere", "target": "/auth"}
    override(stack, registry={"volumes": [mount]})


def read_timeout(stack: Stack, seconds: int | None) -> None:
    """Traefik limits how long it reads a request; None is its own default of 60 seconds."""
    limit = [f"--entrypoints.websecure.transport.respondingtimeouts.readtimeout={seconds}s"] if seconds else []
    override(stack, traefik={"command": [*_without(stack, "readtimeout="), *limit]})


def registry_without_auth(stack: Stack) -> None:
    """None of REGISTRY_AUTH… is set."""
    rendered = stack.compose["services"]["registry"]["environment"]
    gone = {name: Yaml("!reset null") for name in rendered if name.startswith("REGISTRY_AUTH")}
    assert gone
    override(stack, registry={"environment": gone})


def dashboard_opened(stack: Stack) -> None:
    """`api.insecure`, and its port published."""
    command = [*_command(stack), "--api.insecure=true"]
    override(stack, traefik={"command": command, "ports": ["8080:8080"]})


def mend(stack: Stack) -> None:
    """Everything as it was rendered."""
    override(stack)


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


def override(stack: Stack, **services: dict[str, Any]) -> None:
    """An override file beside the rendered one, as a user's own hand would write it."""
    stack.overrides = services
    stack.edgegen("up", "--wait", "180")


def _command(stack: Stack) -> list[str]:
    return list(stack.compose["services"]["traefik"]["command"])


def _without(stack: Stack, part: str) -> list[str]:
    command = [word for word in _command(stack) if part not in word.lower()]
    assert len(command) == len(_command(stack)) - 1
    return command
