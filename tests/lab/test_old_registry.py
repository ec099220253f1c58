"""A project of the version before: its registry and its proxy change places, and keep all that they have."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.images import ensure_images
from tests.lab.stack import Stack
from tests.lab.test_anonymous_registry import (
    HOST,
    HOSTS,
    SPEC,
    a_pull_needs_no_password_and_nothing_else_is_open,
    no_neighbour_reaches_it,
    post,
    push,
)

PROXY = "docker-socket-proxy"
KEPT = ("acme", "secrets", "registry-hub", "registry-closed")


def test_up_on_an_old_project_keeps_what_it_has(stack: Stack, tmp_path: Path) -> None:
    stack.write(SPEC)
    (made,) = [item["password"] for item in stack.render()["credentials"] if item["service"] == "hub"]
    as_the_version_before(stack)
    ensure_images(stack.ground, stack.compose)
    stack.ground.run("docker-compose", "up", "-d", cwd=stack.folder)
    certificate = wait_for_certificate(stack.ground, HOST)
    for host in HOSTS:  # what is kept is kept when nothing is on its way any more
        wait_for_certificate(stack.ground, host)
    stack.wait_until_stored(HOST, *HOSTS)
    push(stack, str(made), tmp_path)
    assert " 202 " in post(stack, "web", "http://hub:5000/v2/pushed/blobs/uploads/"), "what the old one let through"
    kept = files_of(stack)
    said = stack.edgegen("render").stderr
    assert "the socket proxy is now" in said
    assert "`hub` moves from the network `edge` to `hub-edge`" in said
    stack.up()
    assert files_of(stack) == kept
    assert wait_for_certificate(stack.ground, HOST).serial_number == certificate.serial_number
    wait_for_status(Client(stack.ground, stack.root), HOST, 401, "/v2/")
    a_pull_needs_no_password_and_nothing_else_is_open(stack)
    no_neighbour_reaches_it(stack)
    again = stack.edgegen("render").stderr.splitlines()
    assert again[-1] == "nothing to do: everything is as edge.yaml says"
    assert not [line for line in again if "socket proxy" in line or "moves from" in line], "said once"


def as_the_version_before(stack: Stack) -> None:
    """The files that the version before rendered from this spec, and knew as its own."""
    compose = stack.compose
    services: dict[str, dict[str, Any]] = compose["services"]
    services[PROXY] = {
        "image": "tecnativa/docker-socket-proxy:v0.4.1",
        "environment": {"CONTAINERS": "1", "POST": "0"},
        "networks": ["socket"],
        "volumes": services[PROXY]["volumes"][:1],
    }
    services["traefik"]["networks"].remove("hub-edge")
    services["hub"]["networks"] = ["edge"]
    services["hub"]["labels"]["traefik.docker.network"] = "open_edge"
    del compose["networks"]["hub-edge"]
    text = yaml.safe_dump(compose, sort_keys=False)
    (stack.folder / "docker-compose.yml").write_text(text)
    (stack.folder / "traefik" / "socket-proxy.cfg").unlink()
    manifest = stack.folder / ".edgegen" / "manifest.json"
    known = json.loads(manifest.read_text())
    known["outputs"]["docker-compose.yml"] = hashlib.sha256(text.encode()).hexdigest()
    del known["outputs"]["traefik/socket-proxy.cfg"]
    manifest.write_text(json.dumps(known))


def files_of(stack: Stack) -> dict[str, bytes]:
    """Certificates, users and secrets."""
    files = (file for folder in KEPT for file in sorted((stack.folder / folder).rglob("*")) if file.is_file())
    return {file.relative_to(stack.folder).as_posix(): file.read_bytes() for file in files}
