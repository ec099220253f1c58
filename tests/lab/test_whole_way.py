"""The whole way with real parts: init, render, up, certificate, push and pull, down, up again."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509

from tests.lab.argvs import read_argvs
from tests.lab.authority import Authority
from tests.lab.clients import (
    DEFAULT_CERTIFICATE,
    Client,
    DockerClient,
    refused,
    shown_certificate,
    skopeo,
    wait_for_certificate,
    wait_for_status,
    worked,
)
from tests.lab.engine import docker
from tests.lab.images import ensure
from tests.lab.stack import Stack, password

HOST = "commenthouse.com"
STRANGER = "stranger.example"
APP = "lab/app:1"
WHOLE, SAMPLE = 66, 6
"""Seconds. The whole is longer than the 60 after which Traefik's own default would cut an upload; in the usual run the
planted limit of 3 seconds shows that the sample would be cut as well."""


def test_the_whole_way(stack: Stack, authority: Authority, tmp_path: Path, proof: bool) -> None:
    stack.hasty, stack.own_keys, stack.argvs = False, True, set()  # as it is shipped
    made = password(stack.edgegen("init", "registry", HOST, "--email", "ops@commenthouse.com", "--json").stdout)
    stack.use_lab_authority()
    stack.render()
    a_container_of_somebody_else(stack)
    stack.up()
    first = wait_for_certificate(stack.ground, HOST)
    assert "Pebble" in first.issuer.rfc4514_string()
    orders = authority.orders()
    trickle = Trickle(stack, ("ci", made), WHOLE if proof else SAMPLE)
    trickle.start()

    http_only_redirects(stack)
    the_registry_asks_for_a_password(stack, made)
    nobody_else_gets_a_router(stack)
    images_travel_by_skopeo(stack, made, tmp_path)
    images_travel_by_docker(stack, made, tmp_path)
    assert json.loads(stack.edgegen("status", "--json").stdout)["ok"] is True
    its_certificate_is_listed(stack, first)
    nothing_secret_is_told(stack, made)
    assert trickle.status() == 202, "a slow upload was cut"
    assert trickle.lasted > trickle.seconds - 1
    made = a_new_password_holds_at_once(stack, made)

    stack.edgegen("down")
    stack.hasty = True
    stack.edgegen("up", "--wait", "180")
    again = wait_for_certificate(stack.ground, HOST)
    assert again.serial_number == first.serial_number
    assert authority.orders() == orders, "a second certificate was ordered"
    assert (stack.folder / "acme" / "acme.json").stat().st_mode & 0o777 == 0o600
    wait_for_status(_client(stack, made), HOST, 200, "/v2/")
    images_are_still_there(stack, made)
    nothing_secret_is_told(stack, made)
    an_upload_that_is_cut_is_seen(stack, made)


def an_upload_that_is_cut_is_seen(stack: Stack, made: str) -> None:
    """Planted: the edge has a time limit for reading again, as Traefik's own default is one."""
    command = stack.compose["services"]["traefik"]["command"]
    limited = [word.replace("readtimeout=0", "readtimeout=3s") for word in command]
    assert limited != command
    stack.argvs, stack.overrides = None, {"traefik": {"command": limited}}
    stack.up()
    wait_for_status(_client(stack, made), HOST, 200, "/v2/")
    trickle = Trickle(stack, ("ci", made), SAMPLE)
    trickle.start()
    assert trickle.status() != 202


def a_container_of_somebody_else(stack: Stack) -> None:
    """It runs on the same network as the registry, and no label says that it wants to be seen."""
    ensure(stack.ground, APP)
    docker(stack.ground, "network", "create", "registry")
    docker(stack.ground, "run", "-d", "--name", "stranger", "--network", "registry", APP)


def http_only_redirects(stack: Stack) -> None:
    for host in (HOST, f"www.{HOST}", STRANGER):
        answer = Client(stack.ground, port=80).get(host, "/some/path?q=1")
        assert (answer.status, answer.location) == (301, f"https://{host}/some/path?q=1")


def the_registry_asks_for_a_password(stack: Stack, made: str) -> None:
    asked = _client(stack).get(HOST, "/v2/")
    assert asked.status == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert asked.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert _client(stack, "wrong").get(HOST, "/v2/").status == 401
    assert _client(stack, made).get(HOST, "/v2/").status == 200
    started = _client(stack, made).request("POST", HOST, "/v2/probe/blobs/uploads/")
    assert started.location.startswith(f"https://{HOST}/v2/probe/blobs/uploads/")


def its_certificate_is_listed(stack: Stack, first: x509.Certificate) -> None:
    """As Traefik itself has stored it, and as it sends it."""
    done = stack.edgegen("cert", "list", "--json", "--allow-private", "--ca-file", str(stack.root))
    result = json.loads(done.stdout)
    (listed,) = result["certificates"]
    assert int(listed["serial"], 16) == first.serial_number
    assert (listed["names"], listed["resolver"], listed["hosts"]) == ([HOST], "letsencrypt", [HOST])
    assert [item["host"] for item in listed["served"]] == [HOST]
    assert {(item["name"], item["outcome"]) for item in result["findings"]} == {
        ("certificate-life", "pass"), ("certificate-stored", "pass"), ("certificate-served", "pass"),
    }  # fmt: skip


def nobody_else_gets_a_router(stack: Stack) -> None:
    """Asked by every name that Traefik could have made up for the container."""
    for name in ("stranger", STRANGER):
        assert DEFAULT_CERTIFICATE in shown_certificate(stack.ground, name).issuer.rfc4514_string()
        assert Client(stack.ground).get(name).status == 404
    assert "stranger@" not in stack.logs()


def images_travel_by_skopeo(stack: Stack, made: str, folder: Path) -> None:
    archive = folder / "app.tar"
    stack.ground.run("docker", "save", "-o", archive, APP)
    there, here, back = f"docker://{HOST}/skopeo/app:1", f"docker-archive:{archive}", f"dir:{folder / 'pulled'}"
    root = stack.root
    worked(skopeo(stack.ground, root, "copy", "--dest-creds", f"ci:{made}", here, there))
    refused(skopeo(stack.ground, root, "copy", "--dest-creds", "ci:wrong", here, f"{there}-no"), "unauthorized")
    refused(skopeo(stack.ground, root, "copy", here, f"{there}-no"), "unauthorized")
    refused(skopeo(stack.ground, root, "copy", there, back), "unauthorized")
    worked(skopeo(stack.ground, root, "copy", "--src-creds", f"ci:{made}", there, back))
    assert (folder / "pulled" / "manifest.json").exists()


def images_travel_by_docker(stack: Stack, made: str, folder: Path) -> None:
    client = DockerClient(stack.ground, folder / "docker")
    client.trust(HOST, stack.root)
    image = f"{HOST}/docker/app:1"
    worked(client.run("tag", APP, image))
    refused(client.run("push", image), "no basic auth credentials")
    refused(client.run("login", HOST, "-u", "ci", "--password-stdin", stdin="wrong"), "401 Unauthorized")
    worked(client.run("login", HOST, "-u", "ci", "--password-stdin", stdin=made))
    worked(client.run("push", image))
    worked(client.run("rmi", image))
    worked(client.run("pull", image))
    worked(client.run("rmi", image))


def images_are_still_there(stack: Stack, made: str) -> None:
    answer = _client(stack, made).get(HOST, "/v2/_catalog")
    assert json.loads(answer.body)["repositories"] == ["docker/app", "skopeo/app"]


def a_new_password_holds_at_once(stack: Stack, old: str) -> str:
    started = _started(stack)
    made = password(stack.edgegen("registry", "user", "passwd", "ci", "--json").stdout)
    assert _client(stack, old).get(HOST, "/v2/").status == 401
    assert _client(stack, made).get(HOST, "/v2/").status == 200
    assert _started(stack) == started, "the registry was restarted"
    return made


def nothing_secret_is_told(stack: Stack, made: str) -> None:
    """Not in a command line, not in a log, and in no rendered file but those in secrets/."""
    secrets = [made, (stack.folder / "secrets" / "registry-http-secret").read_text().strip()]
    assert stack.argvs is not None
    read_argvs(stack.argvs)
    # The tests' own skopeo is given the password on its command line; edgegen's commands have none of it.
    argvs = [line for line in stack.argvs if "skopeo" not in line]
    assert any("compose" in line and " up " in line for line in argvs)
    assert any("traefik" in line and "--entrypoints" in line for line in argvs)
    open_files = [path for path in stack.folder.rglob("*") if path.is_file() and path.parent.name != "secrets"]
    places = {
        "a command line": "\n".join(argvs),
        "a log": stack.logs(),
        **{str(path): path.read_text(errors="replace") for path in open_files},
    }
    for secret in secrets:
        assert len(secret) > 20
        assert [place for place, text in places.items() if secret in text] == []


class Trickle(threading.Thread):
    """An upload of one blob that takes its time: a byte each second."""

    def __init__(self, stack: Stack, credentials: tuple[str, str], seconds: int) -> None:
        super().__init__(daemon=True)
        self.seconds = seconds
        self._client = Client(stack.ground, stack.root, credentials, seconds=seconds + 60)
        self._status: int | str = 0
        self.lasted = 0.0

    def run(self) -> None:
        begun = time.monotonic()
        try:
            location = self._client.request("POST", HOST, "/v2/slow/blobs/uploads/").location
            path = location.removeprefix(f"https://{HOST}")
            headers = {"Content-Type": "application/octet-stream", "Content-Length": str(self.seconds)}
            self._status = self._client.request("PATCH", HOST, path, _slowly(self.seconds), headers).status
        except (OSError, http.client.HTTPException) as error:
            self._status = repr(error)
        self.lasted = time.monotonic() - begun

    def status(self) -> int | str:
        """The status at the end, or what went wrong on the way."""
        self.join(self.seconds + 60)
        return self._status


def _slowly(seconds: int) -> Iterator[bytes]:
    for _ in range(seconds):
        time.sleep(1)  # the slowness is what is tested
        yield b"x"


def _client(stack: Stack, secret: str | None = None) -> Client:
    return Client(stack.ground, stack.root, ("ci", secret) if secret else None)


def _started(stack: Stack) -> str:
    return docker(stack.ground, "inspect", "--format", "{{.State.StartedAt}}", stack.container("registry"))
