"""A project of the version before, with its running stack: the new version says what changes, and keeps the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.lab.authority import Authority
from tests.lab.clients import Client, skopeo, wait_for_certificate, wait_for_status, worked
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure
from tests.lab.stack import Stack

OLD = json.loads((Path(__file__).parent / "data" / "old-project.json").read_text())
WEB, HUB, DASH, NEIGHBOUR = "www.old.test", "r.old.test", "dash.old.test", "neighbour.test"
KEPT = ("registry/htpasswd", "traefik/auth/htpasswd", "secrets/token", "secrets/registry-http-secret",
        "secrets/registry.env", "secrets/web.env", "acme/acme.json")  # fmt: skip
APP = "lab/app:1"


@pytest.fixture
def old(ground: Ground, authority: Authority, tmp_path: Path) -> Stack:
    """The old project's files with their old modes, and its containers as the old version started them."""
    stack = Stack(ground, authority, tmp_path / "old")
    for name, file in OLD["files"].items():
        path = stack.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["text"])
        path.chmod(int(file["mode"], 8))
    for folder in ("acme", "secrets", ".edgegen"):
        (stack.folder / folder).chmod(0o700)
    (stack.folder / "ca.pem").write_bytes(authority.api_ca.read_bytes())
    for host in (WEB, HUB, DASH, NEIGHBOUR):
        authority.point(host, ground.address)
    stack.up_by_hand()
    return stack


def test_an_old_project_keeps_what_it_has(old: Stack, authority: Authority, tmp_path: Path) -> None:
    serials = {host: wait_for_certificate(old.ground, host).serial_number for host in (WEB, HUB, DASH)}
    _push(old, tmp_path)
    docker(old.ground, "exec", old.container("web"), "sh", "-c", "echo precious > /data/file")
    _a_neighbour_on_the_same_edge(old)
    wait_for_certificate(old.ground, NEIGHBOUR)
    old.wait_until_stored(WEB, HUB, DASH, NEIGHBOUR)
    assert _client(old).get(NEIGHBOUR).status == 200
    before = {name: (old.folder / name).read_bytes() for name in KEPT}
    orders = authority.orders()

    said = old.edgegen("render").stderr
    assert "serves the containers of this project only" in said
    assert "serves: all" in said
    assert "socket proxy is now" in said
    again = old.edgegen("render").stderr
    assert "serves the containers of this project only" not in again

    refused = old.edgegen("up", code=3).stderr
    assert "container `neighbour` would lose its route" in refused
    assert _client(old).get(NEIGHBOUR).status == 200, "a refusal changes nothing"

    _write_serves(old, "all")
    _up(old)
    assert _client(old).get(NEIGHBOUR).status == 200
    _everything_is_still_there(old, before, serials)

    _write_serves(old, "own")
    _up(old)
    assert _client(old).get(NEIGHBOUR).status == 404
    _everything_is_still_there(old, before, serials)
    assert authority.orders() == orders, "a certificate was ordered again"


def _up(old: Stack) -> None:
    """The new version asks for images that the old one did not."""
    old.edgegen("render")
    old.up()
    wait_for_status(_client(old), WEB, 200)
    wait_for_status(_client(old), HUB, 401, "/v2/")


def _everything_is_still_there(old: Stack, before: dict[str, bytes], serials: dict[str, int]) -> None:
    assert {name: (old.folder / name).read_bytes() for name in KEPT} == before
    for host, serial in serials.items():
        assert wait_for_certificate(old.ground, host).serial_number == serial
    assert _client(old).get(WEB).status == 200
    assert _client(old, "ops").get(DASH, "/api/version").status == 200
    assert _client(old).get(HUB, "/v2/").status == 401
    listed = json.loads(_client(old, "ci").get(HUB, "/v2/_catalog").body)
    assert listed["repositories"] == ["team/app"]
    pulled = old.folder.parent / f"pulled-{len(list(old.folder.parent.glob('pulled-*')))}"
    creds = f"ci:{OLD['passwords']['ci']}"
    worked(skopeo(old.ground, old.root, "copy", "--src-creds", creds, f"docker://{HUB}/team/app:1", f"dir:{pulled}"))
    inside = docker(old.ground, "exec", old.container("web"), "sh", "-c", "cat /data/file /run/secrets/token; env")
    token = before["secrets/token"].decode().strip()
    assert inside.startswith("precious")
    assert inside.count(token) == 2, "as a file, and as a variable"


def _push(old: Stack, folder: Path) -> None:
    archive = folder / "app.tar"
    docker(old.ground, "save", "-o", str(archive), APP)
    creds = f"ci:{OLD['passwords']['ci']}"
    there = f"docker://{HUB}/team/app:1"
    worked(skopeo(old.ground, old.root, "copy", "--dest-creds", creds, f"docker-archive:{archive}", there))


def _a_neighbour_on_the_same_edge(old: Stack) -> None:
    """Somebody's container beside the project, as one could be added by hand while Traefik read every label."""
    labels = {
        "traefik.enable": "true",
        "traefik.docker.network": "old_edge",
        "traefik.http.routers.neighbour.rule": f"Host(`{NEIGHBOUR}`)",
        "traefik.http.routers.neighbour.entrypoints": "websecure",
        "traefik.http.routers.neighbour.tls.certresolver": "letsencrypt",
        "traefik.http.services.neighbour.loadbalancer.server.port": "80",
    }
    words = [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]
    ensure(old.ground, APP)
    docker(old.ground, "run", "-d", "--name", "neighbour", "--network", "old_edge", *words, APP)


def _write_serves(old: Stack, value: str) -> None:
    path = old.folder / "edge.yaml"
    text = "\n".join(line for line in path.read_text().splitlines() if "serves:" not in line)
    path.write_text(text.replace("edge:\n", f"edge:\n  serves: {value}\n", 1) + "\n")


def _client(old: Stack, user: str = "") -> Client:
    return Client(old.ground, old.root, (user, OLD["passwords"][user]) if user else None)
