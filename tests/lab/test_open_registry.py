"""`anonymous: pull`: anybody reads, users alone write, seen by the clients that people have."""

from __future__ import annotations

import time
from pathlib import Path

from tests.lab.clients import Client, DockerClient, refused, skopeo, wait_for_certificate, worked
from tests.lab.images import ensure
from tests.lab.stack import Stack, password

HOST = "hub.commenthouse.com"
APP = "lab/app:1"
DEADLINE = 60.0
SPEC = f"""
name: hub
services:
  hub: {{kind: registry, host: {HOST}, users: [ci], anonymous: pull, delete: true}}
"""


def test_anybody_may_pull_and_users_alone_push(stack: Stack, tmp_path: Path) -> None:
    stack.write(SPEC)
    made = password(stack.render())
    stack.up()
    wait_for_certificate(stack.ground, HOST)
    archive = _archive(stack, tmp_path)
    skopeo_reads_and_is_refused_to_write(stack, made, archive, tmp_path)
    docker_pushes_with_a_password(stack, made, tmp_path)
    docker_without_login_gives_up(stack, tmp_path)
    by_hand(stack, made)
    a_new_password_holds_within_seconds(stack, made)


def skopeo_reads_and_is_refused_to_write(stack: Stack, made: str, archive: str, folder: Path) -> None:
    there = f"docker://{HOST}/app:1"
    refused(skopeo(stack.ground, stack.root, "copy", archive, there), "unauthorized", "401")
    refused(skopeo(stack.ground, stack.root, "copy", "--dest-creds", "ci:wrong", archive, there), "unauthorized", "401")
    worked(skopeo(stack.ground, stack.root, "copy", "--dest-creds", f"ci:{made}", archive, there))
    worked(skopeo(stack.ground, stack.root, "copy", there, f"dir:{folder / 'pulled'}"))
    worked(skopeo(stack.ground, stack.root, "list-tags", f"docker://{HOST}/app"))
    refused(skopeo(stack.ground, stack.root, "delete", there), "unauthorized", "401")
    worked(skopeo(stack.ground, stack.root, "delete", "--creds", f"ci:{made}", there))
    worked(skopeo(stack.ground, stack.root, "copy", "--dest-creds", f"ci:{made}", archive, there))


def docker_pushes_with_a_password(stack: Stack, made: str, folder: Path) -> None:
    client = DockerClient(stack.ground, folder / "docker-of-ci")
    client.trust(HOST, stack.root)
    image = f"{HOST}/docker:1"
    worked(client.run("login", HOST, "-u", "ci", "--password-stdin", stdin=made))
    worked(client.run("tag", APP, image))
    worked(client.run("push", image))
    worked(client.run("rmi", image))
    worked(client.run("pull", image))
    worked(client.run("rmi", image))


def docker_without_login_gives_up(stack: Stack, folder: Path) -> None:
    """The engine asks `/v2/` first, and takes its challenge for an answer to all that follows.

    Were there no challenge, it would never send a password with a push: with HTTP Basic one of the two must fail.
    """
    client = DockerClient(stack.ground, folder / "docker-of-nobody")
    refused(client.run("pull", f"{HOST}/docker:1"), "no basic auth credentials")


def by_hand(stack: Stack, made: str) -> None:
    """What a client that asks for the image itself, and not for `/v2/` before, gets."""
    nobody, user = Client(stack.ground, stack.root), Client(stack.ground, stack.root, ("ci", made))
    wants = {"Accept": "application/vnd.docker.distribution.manifest.v2+json"}
    manifest = "/v2/docker/manifests/1"
    for method in ("GET", "HEAD"):
        assert nobody.request(method, HOST, manifest, headers=wants).status == 200
    for method, path in (
        ("POST", "/v2/app/blobs/uploads/"),
        ("PUT", manifest),
        ("PATCH", "/v2/app/blobs/uploads/x"),
        ("DELETE", manifest),
        ("GET", "/v2/"),
    ):
        asked = nobody.request(method, HOST, path)
        assert (asked.status, asked.headers["WWW-Authenticate"]) == (401, 'Basic realm="Registry"'), (method, path)
    assert user.get(HOST, "/v2/").status == 200
    assert user.request("POST", HOST, "/v2/app/blobs/uploads/").status == 202


def a_new_password_holds_within_seconds(stack: Stack, old: str) -> None:
    """Here Traefik asks for the password: it reads its users anew without a restart, and without a gap."""
    made = password(stack.edgegen("registry", "user", "passwd", "ci", "--json").stdout)
    nobody, user = Client(stack.ground, stack.root), Client(stack.ground, stack.root, ("ci", made))
    deadline = time.monotonic() + DEADLINE
    while (status := user.get(HOST, "/v2/").status) != 200 and time.monotonic() < deadline:
        assert nobody.get(HOST, "/v2/docker/tags/list").status == 200
        time.sleep(0.05)  # that Traefik has seen the file shows only in its answers
    assert status == 200
    assert Client(stack.ground, stack.root, ("ci", old)).get(HOST, "/v2/").status == 401


def _archive(stack: Stack, folder: Path) -> str:
    ensure(stack.ground, APP)
    stack.ground.run("docker", "save", "-o", folder / "app.tar", APP)
    return f"docker-archive:{folder / 'app.tar'}"
