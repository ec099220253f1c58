"""What an engine mounts and a container can't use: said before the start, as nothing says so after it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgegen.deploy.confinement import Confinement, confined, confinement
from edgegen.deploy.engine import Engine
from edgegen.deploy.model import HostFile, Project, ServiceModel
from edgegen.deploy.runner import Runner
from tests.fakes.docker_cli import FakeDocker

HERE = Engine("29.0.1", (1, 52), (1, 44), "unix:///run/user/1000/docker.sock")
NOBODY = (100_000, 100_000)
"""To whom nothing belongs that a test makes."""
REMAPPED = Confinement(root=NOBODY)


def mounting(source: Path, name: str = "traefik", user: str = "", userns_mode: str = "") -> Project:
    service = ServiceModel(name, user=user, userns_mode=userns_mode)
    return Project("shop", services=(service,), host_files=(HostFile(f"services.{name}", str(source)),))


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(str(path))
        yield path


@pytest.mark.parametrize(
    ("name", "mode", "closed"),
    [
        ("acme/", 0o700, True),
        ("acme/", 0o755, False),
        ("acme/", 0o744, True),
        ("a.conf", 0o600, True),
        ("a.conf", 0o644, False),
        ("secrets/a", 0o444, False),
        ("secrets/b", 0o640, True),
    ],
)
def test_what_the_root_of_containers_may_not_read(tmp_path: Path, name: str, mode: int, *, closed: bool) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if name.endswith("/") else path.touch()
    path.chmod(mode)
    said = [problem.message for problem in confined(mounting(path), tmp_path, HERE, REMAPPED)]
    expected = f"can't use {path}: with the engine's `userns-remap`, root of the container is user 100000 of the host"
    assert [text.partition(", who")[0] for text in said] == ([expected] if closed else [])
    for project in (mounting(path, userns_mode="host"), mounting(path, user="1000:1000")):
        assert list(confined(project, tmp_path, HERE, REMAPPED)) == []
    assert list(confined(mounting(path), tmp_path, HERE, Confinement())) == []


def test_the_users_of_a_registry(tmp_path: Path) -> None:
    folder = tmp_path / "registry-hub"
    folder.mkdir()
    assert list(confined(mounting(folder, "hub"), tmp_path, HERE, REMAPPED)) == []
    (folder / "htpasswd").touch(0o600)
    (problem,) = confined(mounting(folder, "hub"), tmp_path, HERE, REMAPPED)
    assert f"can't use {folder}/htpasswd" in problem.message
    assert problem.path == "services.hub"
    assert problem.hint == "write `extra: {services: {hub: {userns_mode: host}}}`"


@pytest.mark.parametrize(("mode", "closed"), [(0o660, True), (0o755, True), (0o666, False)])
def test_a_socket_has_to_be_writable(listening: Path, mode: int, *, closed: bool) -> None:
    listening.chmod(mode)
    assert bool(list(confined(mounting(listening), Path("/elsewhere"), HERE, REMAPPED))) is closed


def test_what_belongs_to_the_containers_is_theirs(tmp_path: Path) -> None:
    """Root's rights reach as far as the users of its own range."""
    path = tmp_path / "data"
    path.mkdir(0o700)
    for first in (os.getuid(), max(0, os.getuid() - 33)):
        its = Confinement(root=(first, max(0, os.getgid() - 33)))
        assert list(confined(mounting(path), tmp_path, HERE, its)) == []


def test_the_rest_of_the_host_is_not_judged(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir(0o700)
    assert list(confined(mounting(tmp_path / "backup"), tmp_path / "shop", HERE, REMAPPED)) == []
    assert list(confined(mounting(tmp_path / "not-seen"), tmp_path, HERE, REMAPPED)) == []
    secret = Project("shop", host_files=(HostFile("secrets.a", str(tmp_path / "backup")),))
    assert list(confined(secret, tmp_path, HERE, REMAPPED)) == []


def test_a_rootless_engine_has_another_socket(listening: Path) -> None:
    rootless = Confinement(is_rootless=True)
    (problem,) = confined(mounting(listening), listening.parent, HERE, rootless)
    assert problem.message == f"mounts {listening}, which is another engine's socket: this one is rootless"
    assert "/run/user/1000/docker.sock" in problem.hint
    its_own = Engine("29.0.1", (1, 52), (1, 44), f"unix://{listening}")
    linked = listening.with_name("linked.sock")
    linked.symlink_to(listening)
    for source, engine, found in (
        (listening, its_own, rootless),
        (linked, its_own, rootless),
        (listening, HERE, Confinement()),
        (listening.with_name("gone.sock"), HERE, rootless),  # that it is missing is said elsewhere
    ):
        assert list(confined(mounting(source), listening.parent, engine, found)) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"options": ["name=seccomp,profile=default", "name=userns"], "root": "/d/100000.100000"}, REMAPPED),
        ({"options": ["name=userns"], "root": "/var/lib/docker"}, Confinement()),
        ({"options": ["name=seccomp,profile=builtin"], "root": "/d/1.1"}, Confinement()),
        ({"options": ["name=rootless"], "root": "/home/me/.local/share/docker"}, Confinement(is_rootless=True)),
        ({"options": None, "root": "/var/lib/docker"}, Confinement()),
        ({}, Confinement()),
        ("nothing of that kind", Confinement()),
    ],
)
def test_what_the_engine_says(
    tmp_path: Path, answer: object, expected: Confinement, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeDocker(tmp_path)
    fake.install("docker")
    monkeypatch.setenv("PATH", str(tmp_path))
    fake.answer("docker info", answer)
    assert confinement(Runner(), mounting(tmp_path)) == expected
    assert confinement(Runner(), Project("shop")) == Confinement()
    assert len(fake.calls()) == 1


def test_an_engine_that_does_not_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeDocker(tmp_path)
    fake.install("docker")
    monkeypatch.setenv("PATH", str(tmp_path))
    fake.answer("docker info", err="permission denied", code=1)
    assert confinement(Runner(), mounting(tmp_path)) == Confinement()
