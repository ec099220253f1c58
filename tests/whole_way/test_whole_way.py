"""The whole way with real parts: init, render, up, certificate, registry, down, up again."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.whole_way.authority import Authority
from tests.whole_way.engine import docker
from tests.whole_way.images import make
from tests.lab.parts import program
from tests.whole_way.stack import Stack, certificate, client, names, password, wait_for_certificate

pytestmark = pytest.mark.lab

HOST = "commenthouse.test"
TRICKLE_SECONDS = 66
"""Longer than the 60 seconds after which Traefik's default would cut an upload."""


@pytest.fixture
def stack(tmp_path: Path, lab_authority: Authority) -> Iterator[Stack]:
    found = Stack(tmp_path / "project", lab_authority)
    try:
        yield found
    finally:
        found.remove()


def test_the_whole_way(stack: Stack, lab_authority: Authority, tmp_path: Path) -> None:
    made = password(stack.edgegen("init", "registry", HOST, "--email", "ops@commenthouse.com", "--json"))
    stack.use_authority()
    stack.up()
    root = tmp_path / "root.pem"
    root.write_text(lab_authority.root())
    with names(HOST):
        first = wait_for_certificate(HOST)
        assert "Pebble" in first.issuer.rfc4514_string()
        orders = lab_authority.orders()
        assert orders >= 1
        trickle = Trickle(root, made)
        trickle.start()
        http_only_redirects()
        passwords_are_asked_for(root, made)
        images_travel_by_skopeo(tmp_path, root, made)
        images_travel_by_docker(tmp_path, root, made)
        nothing_leaks(stack, made)
        assert json.loads(stack.edgegen("status", "--json").stdout)["ok"] is True
        assert trickle.result() == 202, "an upload of more than 60 seconds was cut"
        made = a_new_password_holds_at_once(stack, root, made)
        stack.edgegen("down")
        stack.edgegen("up", "--wait", "60")
        again = wait_for_certificate(HOST)
        assert again.serial_number == first.serial_number
        assert lab_authority.orders() == orders, "a second certificate was ordered"
        assert client(root, ("ci", made)).get(f"https://{HOST}/v2/").status_code == 200
    assert (stack.folder / "acme" / "acme.json").stat().st_mode & 0o777 == 0o600


def http_only_redirects() -> None:
    for host in (HOST, "unknown.test"):
        answer = requests.get(
            "http://127.0.0.1/some/path?q=1", headers={"Host": host}, allow_redirects=False, timeout=10
        )
        assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{host}/some/path?q=1")


def passwords_are_asked_for(root: Path, made: str) -> None:
    url = f"https://{HOST}/v2/"
    refused = client(root).get(url)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert refused.headers["Strict-Transport-Security"] == "max-age=63072000"
    assert client(root, ("ci", "wrong")).get(url).status_code == 401
    assert client(root, ("ci", made)).get(url).status_code == 200
    started = client(root, ("ci", made)).post(f"{url}probe/blobs/uploads/")
    assert started.headers["Location"].startswith(f"https://{HOST}/v2/probe/blobs/uploads/")


def oci_image(folder: Path) -> Path:
    """A small image as an OCI layout."""
    make("lab/app:1")
    archive = folder / "app.tar"
    archive.write_bytes(docker_save("lab/app:1"))
    return archive


def docker_save(image: str) -> bytes:
    done = subprocess.run([str(program("docker")), "save", image], capture_output=True, check=True)
    return done.stdout


def skopeo(*words: str, code: int = 0) -> None:
    done = subprocess.run(
        [str(program("skopeo")), "--insecure-policy", *words], capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is (code == 0), f"{words}\n{done.stdout}\n{done.stderr}"


def images_travel_by_skopeo(folder: Path, root: Path, made: str) -> None:
    certificates = folder / "certs"
    certificates.mkdir(exist_ok=True)
    (certificates / "ca.crt").write_bytes(root.read_bytes())
    archive = oci_image(folder)
    target = f"docker://{HOST}/skopeo/app:1"
    to, back = ["--dest-cert-dir", str(certificates)], ["--src-cert-dir", str(certificates)]
    skopeo("copy", *to, "--dest-creds", f"ci:{made}", f"docker-archive:{archive}", target)
    skopeo("copy", *to, "--dest-creds", "ci:wrong", f"docker-archive:{archive}", target, code=1)
    skopeo("copy", *back, "--src-creds", f"ci:{made}", target, f"dir:{folder / 'pulled'}")
    assert (folder / "pulled" / "manifest.json").exists()


def images_travel_by_docker(folder: Path, root: Path, made: str) -> None:
    trusted = Path("/etc/docker/certs.d") / HOST
    trusted.mkdir(parents=True, exist_ok=True)
    (trusted / "ca.crt").write_bytes(root.read_bytes())
    config = ["--config", str(folder / "docker-config")]
    image = f"{HOST}/docker/app:1"
    try:
        docker(*config, "login", HOST, "-u", "ci", "--password-stdin", stdin=made.encode())
        docker("tag", "lab/app:1", image)
        docker(*config, "push", image)
        docker("rmi", image)
        docker(*config, "pull", image)
        docker("rmi", image)
        assert "denied" in docker_fails("pull", image) or "no basic auth" in docker_fails("pull", image)
    finally:
        (trusted / "ca.crt").unlink()
        trusted.rmdir()


def docker_fails(*words: str) -> str:
    done = subprocess.run([str(program("docker")), *words], capture_output=True, text=True, check=False)
    assert done.returncode != 0, f"{words} worked without a password"
    return done.stderr


class Trickle(threading.Thread):
    """An upload of one blob that takes its time: a byte every so often, for more than a minute."""

    def __init__(self, root: Path, made: str) -> None:
        super().__init__(daemon=True)
        self._session = client(root, ("ci", made))
        self._status = 0

    def run(self) -> None:
        started = self._session.post(f"https://{HOST}/v2/slow/blobs/uploads/")
        location, kind = started.headers["Location"], {"Content-Type": "application/octet-stream"}
        self._status = self._session.patch(location, data=SlowBody(), headers=kind).status_code

    def result(self) -> int:
        self.join(TRICKLE_SECONDS + 60)
        return self._status


class SlowBody:
    """A body that says its length and comes byte by byte."""

    def __init__(self) -> None:
        self._left = TRICKLE_SECONDS

    def __len__(self) -> int:
        return self._left

    def read(self, _size: int = -1) -> bytes:
        if not self._left:
            return b""
        self._left -= 1
        time.sleep(1)  # the slowness is what is tested
        return b"x"


def a_new_password_holds_at_once(stack: Stack, root: Path, old: str) -> str:
    made = password(stack.edgegen("registry", "user", "passwd", "ci", "--json"))
    url = f"https://{HOST}/v2/"
    assert client(root, ("ci", old)).get(url).status_code == 401
    assert client(root, ("ci", made)).get(url).status_code == 200
    return made


def nothing_leaks(stack: Stack, made: str) -> None:
    """Neither the password nor the registry's secret stands in a command line, a log or the Compose file."""
    secret = (stack.folder / "secrets" / "registry-http-secret").read_text()
    seen = (stack.folder / "docker-compose.yml").read_text()
    for service in stack.compose["services"]:
        seen += docker("logs", stack.container(service))
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = command.read_bytes()
        except OSError:
            continue  # the process has ended
        if b"skopeo" not in line:  # its credentials are the test's own doing
            seen += line.decode(errors="replace")
    assert made not in seen
    assert secret not in seen


def test_anybody_may_pull_and_users_alone_push(stack: Stack, lab_authority: Authority, tmp_path: Path) -> None:
    """Reading without a password, writing only with one."""
    stack.folder.mkdir()
    (stack.folder / "edge.yaml").write_text(
        "name: open\nservices:\n  hub: {kind: registry, host: hub.test, users: [ci], anonymous: pull, delete: true}\n"
    )
    made = password(stack.edgegen("render", "--json"))
    stack.use_authority()
    stack.up()
    root = tmp_path / "root.pem"
    root.write_text(lab_authority.root())
    with names("hub.test"):
        wait_for_certificate("hub.test")
        url = "https://hub.test/v2/"
        assert client(root).get(url).status_code == 401
        assert client(root).post(f"{url}app/blobs/uploads/").status_code == 401
        writer, reader = client(root, ("ci", made)), client(root)
        blob = b"content"
        digest = f"sha256:{hashlib.sha256(blob).hexdigest()}"
        started = writer.post(f"{url}app/blobs/uploads/")
        assert started.status_code == 202
        done = writer.put(f"{started.headers['Location']}&digest={digest}", data=blob)
        assert done.status_code == 201
        assert reader.get(f"{url}app/blobs/{digest}").content == blob
        assert reader.delete(f"{url}app/blobs/{digest}").status_code == 401
        assert writer.delete(f"{url}app/blobs/{digest}").status_code == 202


def test_the_default_certificate_is_told_apart(stack: Stack) -> None:
    """The judge of the whole way is not blind: a host without a certificate of its own shows Traefik's."""
    stack.edgegen("init", "registry", HOST, "--json")
    stack.use_authority()
    stack.up()
    wait_for_certificate(HOST)
    assert "TRAEFIK DEFAULT CERT" in certificate("stranger.test").issuer.rfc4514_string()
