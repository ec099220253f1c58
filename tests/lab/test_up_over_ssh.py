"""`up --host ssh://…` for Compose: from one machine to another that has nothing but an engine and an sshd."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.lab import ssh
from tests.lab.argvs import read_argvs
from tests.lab.authority import Authority
from tests.lab.clients import Client, shown_certificate, wait_for_certificate, wait_for_status
from tests.lab.ground import stop
from tests.lab.hosts import Host, Hosts
from tests.lab.images import ensure, ensure_images
from tests.lab.parts import program
from tests.lab.stack import Stack, password
from tests.sizes import is_proof

HOST = "commenthouse.com"
PASSWORD = "a-planted-db-password-81c7"


@pytest.fixture
def far(hosts: Hosts, street_authority: Authority, tmp_path: Path) -> Stack:
    """A project on the street; its engine is that of the first host."""
    return Stack(hosts.street, street_authority, tmp_path / "project")


def over(host: Host) -> list[str]:
    return ["--host", host.url]


def up(far: Stack, host: Host) -> str:
    return far.edgegen("up", "--wait", "180", *over(host)).stderr


def started(host: Host) -> dict[str, str]:
    """Service -> when its container was started last, and which container it is."""
    names = host.docker("ps", "-aq", "--no-trunc").split()
    form = '{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.State.StartedAt}}'
    return dict(line.split(" ", 1) for line in host.docker("inspect", "--format", form, *names).splitlines())


def test_the_whole_way_to_another_host(far: Stack, hosts: Hosts, street_authority: Authority) -> None:
    one, street = hosts[0], hosts.street
    made = password(far.edgegen("init", "registry", HOST, "--email", "ops@commenthouse.com", "--json").stdout)
    far.use_lab_authority()
    spec = yaml.safe_load((far.folder / "edge.yaml").read_text())
    spec["services"]["app"] = {"image": "lab/app:1", "port": 80, "host": f"app.{HOST}", "secrets": ["db-password"],
                               "volumes": ["./pages:/pages:ro"]}  # fmt: skip
    spec["secrets"] = {"db-password": {"file": "db.txt"}}
    (far.folder / "edge.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    (far.folder / "db.txt").write_text(PASSWORD)
    (far.folder / "db.txt").chmod(0o600)
    (far.folder / "pages").mkdir()
    (far.folder / "pages" / "one.txt").write_text("first")
    far.render()
    ensure_images(one.ground, far.compose)
    far.argvs = set()
    said = up(far, one)
    there = one.home / "edgegen" / "commenthouse"
    assert f"copied to {one.url}:{there}: ca.pem, docker-compose.yml, " in said

    first = wait_for_certificate(street, HOST, address=one.address)
    assert "Pebble" in first.issuer.rfc4514_string()
    wait_for_status(Client(street, far.root, ("ci", made), address=one.address), HOST, 200, "/v2/")
    wait_for_status(Client(street, far.root, address=one.address), f"app.{HOST}", 200)
    modes_are_right(there)
    assert json.loads((there / "acme" / "acme.json").read_text()), "Traefik keeps its certificates in the folder there"
    assert (far.folder / "acme" / "acme.json").read_bytes() == b"", "and not in the one here"
    app = one.docker("ps", "-q", "--filter", "label=com.docker.compose.service=app").strip()
    assert one.docker("exec", app, "sh", "-c", "cat /run/secrets/db-password /pages/one.txt") == f"{PASSWORD}first"

    nothing_secret_is_told(far, made, said)
    far.argvs = None
    compose_there_sees_the_same_project(far, one, there)
    only_what_changed_is_copied(far, hosts, one)
    assert shown_certificate(street, HOST, address=one.address).serial_number == first.serial_number
    orders = street_authority.orders()
    status_and_logs(far, one)
    assert not list(street.folder.glob("home/edgegen")), "nothing is written on the street"

    said = far.edgegen("down", *over(one)).stderr
    assert f"its files stay on that host, with the certificates: {one.url}:{there}" in said
    assert one.docker("ps", "-aq") == ""
    assert (there / "acme" / "acme.json").stat().st_size > 0
    up(far, one)
    again = wait_for_certificate(street, HOST, address=one.address)
    assert again.serial_number == first.serial_number
    assert street_authority.orders() == orders, "a second certificate was ordered"


def modes_are_right(there: Path) -> None:
    for path, mode in {
        "acme": 0o700, "acme/acme.json": 0o600, "secrets": 0o700, "secrets/db-password": 0o444,
        "registry/htpasswd": 0o600, "docker-compose.yml": 0o644, ".edgegen": 0o700, "pages/one.txt": 0o644,
    }.items():  # fmt: skip
        assert (there / path).stat().st_mode & 0o777 == mode, path
    assert not (there / "edge.yaml").exists()


def a_second_run_changes_nothing(far: Stack, one: Host) -> None:
    before = started(one)
    said = up(far, one)
    assert "copied" not in said
    assert started(one) == before


def compose_there_sees_the_same_project(far: Stack, one: Host, there: Path) -> None:
    """Compose, asked on that host in that folder, has the same configuration hashes: it would recreate nothing."""
    label = '{{index .Config.Labels "com.docker.compose.%s"}}'
    form = f"{label % 'service'} {label % 'config-hash'}"
    running = one.docker("inspect", "--format", form, *one.docker("ps", "-q").split()).splitlines()
    # The variables of the registry are in an env file, which stays here; so does the override.
    own = there.with_name("own")
    one.ground.run("cp", "-a", there, own)
    words = [program("docker-compose"), "--project-directory", there, "-f", there / "docker-compose.yml"]
    for path in (far.folder / "compose.override.yml", far.folder / "compose.override.yaml"):
        words += ["-f", path] if path.exists() else []
    (there / "secrets" / "registry.env").write_bytes((far.folder / "secrets" / "registry.env").read_bytes())
    try:
        hashes = one.ground.run(*words, "config", "--hash", "*").stdout.splitlines()
    finally:
        (there / "secrets" / "registry.env").unlink()
        one.ground.run("rm", "-r", own)
    assert sorted(hashes) == sorted(running)


def only_what_changed_is_copied(far: Stack, hosts: Hosts, one: Host) -> None:
    """A redirect, a user and a secret: Traefik and the registry read theirs again, and only the app is restarted."""
    spec = yaml.safe_load((far.folder / "edge.yaml").read_text())
    spec["services"]["old"] = {"kind": "redirect", "host": f"old.{HOST}", "to": f"https://app.{HOST}"}
    (far.folder / "edge.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    made = json.loads(far.edgegen("registry", "user", "add", "guest", "--json").stdout)["credentials"][0]["password"]
    (far.folder / "db.txt").write_text(f"{PASSWORD}-new")
    guest = Client(hosts.street, far.root, ("guest", made), address=one.address)
    assert guest.get(HOST, "/v2/").status == 401
    before = started(one)

    said = up(far, one)
    (copied,) = [line.partition(": ")[2].split(", ") for line in said.splitlines() if line.startswith("copied to ")]
    assert "traefik/dynamic/services.yml" in copied
    assert set(copied) == {"registry/htpasswd"} | {line[6:] for line in said.splitlines() if line.startswith("wrote ")}
    assert "a mounted file has changed since these services started: app" in said
    wait_for_status(guest, HOST, 200, "/v2/")
    wait_for_status(Client(hosts.street, address=one.address), f"old.{HOST}", 301)
    after = started(one)
    assert {name for name in after if after[name] != before[name]} == {"app"}
    app = one.docker("ps", "-q", "--filter", "label=com.docker.compose.service=app").strip()
    assert one.docker("exec", app, "cat", "/run/secrets/db-password") == f"{PASSWORD}-new"
    wait_for_certificate(hosts.street, f"old.{HOST}", address=one.address)
    a_second_run_changes_nothing(far, one)


def status_and_logs(far: Stack, one: Host) -> None:
    state = json.loads(far.edgegen("status", "--json", *over(one)).stdout)
    assert state["ok"] is True
    assert {item["service"] for item in state["services"]} >= {"traefik", "registry", "app"}
    assert "traefik" in far.edgegen("logs", "traefik", "--tail", "3", *over(one)).stdout


def nothing_secret_is_told(far: Stack, made: str, said: str) -> None:
    assert far.argvs is not None
    read_argvs(far.argvs)
    argvs = "\n".join(far.argvs)
    assert "ssh -T" in argvs
    assert "sh -c read -r n" in argvs, "the far side was watched too"
    hash_of = (far.folder / "registry" / "htpasswd").read_text().partition(":")[2][:40]
    http_secret = (far.folder / "secrets" / "registry-http-secret").read_text().strip()
    for secret in (made, PASSWORD, hash_of, http_secret):
        assert len(secret) > 15
        assert secret not in argvs
        assert secret not in said


def test_what_the_far_side_refuses(far: Stack, hosts: Hosts, tmp_path: Path) -> None:
    """Ports, folders and copies of another; the host is as it was afterwards. At first each command connects anew."""
    one = hosts[0]
    ssh.share_connections(hosts.street.folder, False)
    far.write(
        "name: lab\nedge: none\n"
        "services: {web: {image: 'lab/app:1', ports: ['8088:80'], volumes: ['./pages:/pages:ro']}}\n"
    )
    far.hasty = False
    (far.folder / "pages").mkdir()
    (far.folder / "pages" / "one.txt").write_text("first")
    ensure(one.ground, "lab/app:1", [80])
    holder = "import socket, signal; s = socket.create_server(('', 8088)); signal.pause()"
    taken = one.ground.start([sys.executable, "-c", holder])
    try:
        one.ground.run("sh", "-c", "until grep -q :1F98 /proc/net/tcp; do sleep 0.05; done")
        said = far.edgegen("up", *over(one), code=3).stderr
        assert f"port 8088/tcp (all addresses) is in use on {one.url}" in said
    finally:
        stop(taken)
    there = one.home / "edgegen" / "lab"
    assert not there.exists(), "a refused start leaves nothing behind"
    far.edgegen("up", "--wait", "180", *over(one))
    ssh.share_connections(hosts.street.folder, not is_proof())

    clone = Stack(far.ground, far.authority, tmp_path / "clone", hasty=False)
    subprocess.run(["cp", "-r", far.folder, clone.folder], check=True)
    (clone.folder / ".edgegen" / "copy").unlink()
    said = clone.edgegen("up", *over(one), code=3).stderr
    assert f"has the files of another copy of this project, {far.folder} on street" in said
    said = clone.edgegen("down", *over(one), code=3).stderr
    assert "has the files of another copy of this project" in said
    said = clone.edgegen("up", "--remote-dir", "elsewhere", *over(one), code=3).stderr
    assert f"project `lab` already runs from {there}" in said
    (there / "pages" / "one.txt").write_text("edited there")
    (far.folder / "pages" / "one.txt").write_text("second")
    said = far.edgegen("up", *over(one), code=3).stderr
    assert f"{one.url}:{there}/pages/one.txt: was changed there since edgegen copied it" in said
    far.edgegen("up", "--force", "--wait", "180", *over(one))
    assert (there / "pages" / "one.txt").read_text() == "second"
    assert (there / "pages" / "one.txt.bak").read_text() == "edited there"
    far.edgegen("down", *over(one))
