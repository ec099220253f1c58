"""Images come under the names that files ask for, are made once, and do what the official ones do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.image import Image
from tests.lab.images import WEB_PAGE, ensure, ensure_images, image_for, web_application


def test_every_image_of_a_file_is_there_under_its_name(ground: Ground) -> None:
    names = ["traefik:v3.7", "registry:2.8.3", "registry:3.0.0", "tecnativa/docker-socket-proxy:v0.4.1", "ghcr.io/a/b"]
    ensure_images(ground, {"services": {f"s{number}": {"image": name} for number, name in enumerate(names)}})
    for name in names:
        assert docker(ground, "image", "inspect", name)


def test_an_image_is_made_once_and_again_when_its_content_changes(ground: Ground) -> None:
    ensure(ground, "lab/once:1", [4001])
    first = _identity(ground, "lab/once:1")
    ensure(ground, "lab/once:1", [4001])
    assert _identity(ground, "lab/once:1") == first
    ensure(ground, "lab/once:1", [4002])
    assert _identity(ground, "lab/once:1") != first
    ensure(ground, "lab/twin:1", [4002])
    assert _identity(ground, "lab/twin:1") == _identity(ground, "lab/once:1")


def test_the_digest_sees_every_byte() -> None:
    one = web_application()
    assert one.digest() == web_application().digest()
    assert one.digest() != web_application([81]).digest()
    assert one.digest() != Image({**one.files, "/bin/more": one.files["/bin/busybox"]}, one.texts, one.links).digest()


@pytest.mark.parametrize(
    ("tag", "command"),
    [
        ("2", ["/entrypoint.sh", "/etc/docker/registry/config.yml"]),
        ("2.8.3", ["/entrypoint.sh", "/etc/docker/registry/config.yml"]),
        ("3.0.0", ["registry", "serve", "/etc/distribution/config.yml"]),
    ],
)
def test_a_registry_starts_as_the_official_one_of_its_version_does(
    ground: Ground, tag: str, command: list[str]
) -> None:
    ensure(ground, f"registry:{tag}")
    settings = json.loads(docker(ground, "image", "inspect", f"registry:{tag}"))[0]["Config"]
    assert [*settings["Entrypoint"], *settings["Cmd"]] == command
    assert "/var/lib/registry" in settings["Volumes"]
    said = ground.run(
        "docker", "run", "--rm", f"registry:{tag}", *(["registry"] if tag != "3.0.0" else []), "--version"
    )
    assert "docker-registry" in said.stdout + said.stderr or "registry" in said.stdout + said.stderr


def test_traefik_takes_flags_alone(ground: Ground) -> None:
    ensure(ground, "traefik:v3.7")
    assert "Version:" in ground.run("docker", "run", "--rm", "traefik:v3.7", "version").stdout
    refused = ground.run("docker", "run", "--rm", "traefik:v3.7", "--no.such.flag=1", check=False)
    assert "field not found, node: no" in refused.stdout + refused.stderr


def test_the_application_serves_each_port_that_is_asked_for(ground: Ground) -> None:
    ensure(ground, "ghcr.io/acme/web:1.4", [3000, 9000])
    ground.run("docker", "run", "-d", "--name", "web", "ghcr.io/acme/web:1.4")
    for port in (80, 3000, 9000):
        assert _asked(ground, "web", port, "wget", "-q", "-O", "-", f"http://127.0.0.1:{port}/").stdout == WEB_PAGE


SWITCHES: dict[tuple[str, ...], dict[str, int]] = {
    (): {"_ping": 200, "version": 200, "containers/json": 403},
    ("CONTAINERS=1",): {
        "containers/json": 200, "v1.41/containers/json?all=1": 200, "networks": 403, "images/json": 403,
        "containersx": 403,
    },
    ("NETWORKS=1",): {"networks": 200},
    ("PING=0",): {"_ping": 403},
    ("INFO=1",): {"info": 200},
}  # fmt: skip


@pytest.mark.parametrize("switches", SWITCHES)
def test_the_socket_proxy_lets_through_what_is_switched_on(ground: Ground, switches: tuple[str, ...]) -> None:
    with _proxy(ground, switches) as container:
        assert {path: _status(ground, container, path) for path in SWITCHES[switches]} == SWITCHES[switches]


@pytest.mark.parametrize(("switches", "status"), [(("CONTAINERS=1",), 403), (("CONTAINERS=1", "POST=1"), 400)])
def test_the_socket_proxy_writes_only_with_its_switch(ground: Ground, switches: tuple[str, ...], status: int) -> None:
    with _proxy(ground, switches) as container:
        assert _status(ground, container, "containers/create", "--post-data", "{}") == status


def test_a_digest_can_not_be_made_up(ground: Ground) -> None:
    with pytest.raises(AssertionError, match="digest known before"):
        ensure(ground, f"traefik@sha256:{'0' * 64}")


def test_a_program_keeps_its_libraries() -> None:
    assert any("libc.so" in path for path in image_for("registry:2").files)


def _identity(ground: Ground, name: str) -> str:
    return docker(ground, "image", "inspect", "--format", "{{.Id}}", name).strip()


@contextmanager
def _proxy(ground: Ground, switches: tuple[str, ...]) -> Iterator[str]:
    name = "tecnativa/docker-socket-proxy:v0.4.1"
    ensure(ground, name)
    settings = [word for switch in switches for word in ("-e", switch)]
    socket = ["-v", "/var/run/docker.sock:/var/run/docker.sock:ro"]
    yield ground.run("docker", "run", "-d", *settings, *socket, name).stdout.strip()


def _status(ground: Ground, container: str, path: str, *options: str) -> int:
    ask = ["wget", "-S", "-q", "-O", "/dev/null", *options, f"http://127.0.0.1:2375/{path}"]
    return int(_asked(ground, container, 2375, *ask).stderr.split("HTTP/1.")[1].split()[1])


def _asked(ground: Ground, container: str, port: int, *command: str) -> subprocess.CompletedProcess[str]:
    """The command in the container, as soon as its port listens: a started container may not yet."""
    wait = f'until nc 127.0.0.1 {port} </dev/null; do sleep 0.05; done; exec "$@"'
    return ground.run("docker", "exec", container, "sh", "-c", wait, "ask", *command, check=False)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("postgres:14-alpine", "Database is uninitialized and superuser password is not specified"),
        ("mysql:5.7", "Database is uninitialized and password option is not specified"),
    ],
)
def test_a_database_without_a_password_does_not_start_as_the_official_one_does_not(
    ground: Ground, name: str, said: str
) -> None:
    ensure(ground, name)
    done = ground.run("docker", "run", "--rm", name, check=False)
    assert done.returncode == 1
    assert said in done.stderr
