"""A project that runs from another folder, under another name or on another engine is not simply absent, or there."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgegen.cli import console
from edgegen.cli.app import run
from edgegen.deploy import neighbours
from tests.fakes.docker_cli import STARTED, FakeDocker, a_healthy_world, lines, row, started

SPEC = 'name: {name}\nservices:\n  web: {{image: "web:1"}}\nedge: none\n{more}'


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDocker]:
    home, folder = tmp_path / "bin", tmp_path / "shop"
    home.mkdir()
    folder.mkdir()
    fake = FakeDocker(home)
    a_healthy_world(fake)
    fake.answer("docker context inspect", f"unix://{tmp_path}/this.sock\n")
    fake.answer("context ls")
    fake.answer("logs", "web-1  | hello\n")
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.chdir(folder)
    called(fake, "shop")
    assert run(["render", "-q"]) == 0
    there(fake, folder)
    yield fake
    console.Console.quiet = False


def called(world: FakeDocker, name: str, more: str = "") -> None:
    Path("edge.yaml").write_text(SPEC.format(name=name, more=more))
    world.answer("config --format json", {"name": name, "services": {"web": {"image": "web:1"}}})


def there(world: FakeDocker, folder: Path, name: str = "shop") -> None:
    """The engine has the project, started from this folder."""
    world.answer(STARTED, lines(started("web", name, str(folder), f"{folder}/docker-compose.yml")))
    world.answer("ps --all --format json", lines(row("web")))


def nothing_there(world: FakeDocker) -> None:
    world.answer(STARTED)
    world.answer("ps --all --format json")


def said(capfd: pytest.CaptureFixture[str]) -> str:
    return capfd.readouterr().err


@pytest.mark.parametrize("command", ["status", "logs"])
def test_its_own_containers_are_no_doubt(
    world: FakeDocker, command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run([command]) == 0
    (tmp_path / "link").symlink_to(tmp_path / "shop")
    assert run([command, "-C", str(tmp_path / "link")]) == 0
    there(world, tmp_path / "moved-away")  # a folder that is gone was moved here
    assert run([command]) == 0
    assert "was started from" not in said(capfd)


def test_a_folder_that_is_mounted_at_two_places(
    world: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No link tells that: the kernel does. A link whose end nobody looks for is like it."""
    (tmp_path / "mounted").symlink_to(tmp_path / "shop")
    monkeypatch.setattr(neighbours.os.path, "realpath", os.path.abspath)
    there(world, tmp_path / "mounted")
    assert run(["status"]) == 0


def test_a_copy_of_a_folder_is_not_taken_for_the_original(
    world: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(tmp_path / "shop", tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    words = f"project `shop` was started from {tmp_path}/shop, and not from this folder: these are its containers"
    assert run(["status"]) == 1
    assert words in said(capfd)
    assert run(["status", "--json"]) == 1
    (finding,) = json.loads(capfd.readouterr().out)["findings"]
    assert (finding["id"], finding["message"]) == ("ED004", words)
    assert run(["logs"]) == 0
    assert words in said(capfd)
    assert run(["status", "--host", "ssh://me@there"]) == 0  # whose folders are not ours


@pytest.mark.parametrize(("command", "code"), [("status", 1), ("logs", 4), ("down", 3)])
def test_a_project_that_was_renamed(
    world: FakeDocker, command: str, code: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    called(world, "after")
    assert run(["render", "-q"]) == 0
    there(world, tmp_path / "shop")
    world.answer("ps --all --format json")
    assert run([command]) == code
    err = said(capfd)
    assert "the project is called `after` now, and still runs as `shop`" in err
    assert "`docker compose -p shop down` stops the old one" in " ".join(err.split())
    assert not world.called("down --remove-orphans")


@pytest.mark.parametrize(("command", "code"), [("status", 1), ("logs", 4), ("down", 0)])
def test_another_environment_has_a_name_of_its_own(
    world: FakeDocker, command: str, code: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Both are started from one file, and each may run."""
    called(world, "shop", "environments:\n  dev: {name: shop-dev}\n  production: {}\n  empty:\n")
    world.answer("config --format json", {"name": "shop-dev", "services": {"web": {"image": "web:1"}}})
    assert run(["render", "-q", "-e", "dev"]) == 0
    there(world, tmp_path / "shop")
    world.answer("ps --all --format json")
    assert run([command, "-e", "dev"]) == code
    assert "still runs as" not in said(capfd)


@pytest.fixture
def other_engine(tmp_path: Path) -> Iterator[str]:
    """A socket where a rootless engine would listen."""
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        yield f"unix://{path}"


def on(world: FakeDocker, engine: str, text: str) -> None:
    world.answer(f"docker --host {engine} ps --all --filter label=com.docker.compose.project", text)


@pytest.mark.parametrize("context", [True, False], ids=["of a context", "at its usual place"])
@pytest.mark.parametrize(("command", "code"), [("status", 1), ("logs", 4), ("down", 3), ("up", 3)])
def test_another_engine_has_it(
    world: FakeDocker, command: str, code: int, other_engine: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *, context: bool,
) -> None:  # fmt: skip
    nothing_there(world)
    on(world, other_engine, lines(started("web", "shop", str(tmp_path / "shop"))))
    if context:
        world.answer("context ls", f"unix://{tmp_path}/this.sock\n{other_engine}\nssh://me@there\n")
        monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    assert run([command]) == code
    err = " ".join(said(capfd).split())
    assert f"project `shop` of this folder runs on another engine of this machine, {other_engine}" in err
    assert f"`--host {other_engine}`" in err
    assert not [call for call in world.calls() if {"up", "down"} & {*call}]


@pytest.mark.parametrize(
    "has",
    [
        lambda folder: lines(started("web", "shop", "/elsewhere")),
        lambda folder: lines(started("web", "blog", str(folder))),
        lambda folder: "",
        lambda folder: "a sentence",
    ],
    ids=["another folder", "another project", "nothing", "no answer"],
)
def test_another_engine_has_not(
    world: FakeDocker, other_engine: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], has: object
) -> None:
    nothing_there(world)
    on(world, other_engine, has(tmp_path / "shop"))  # type: ignore[operator]
    assert (run(["down"]), run(["logs"]), run(["status"])) == (0, 4, 1)
    err = said(capfd)
    assert "another engine" not in err
    assert "nothing of project `shop` is there" in err


def test_who_names_an_engine_means_that_one(
    world: FakeDocker, other_engine: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    nothing_there(world)
    on(world, other_engine, lines(started("web", "shop", str(tmp_path / "shop"))))
    assert run(["down", "--host", f"unix://{tmp_path}/this.sock"]) == 0
    assert "another engine" not in said(capfd)


def test_logs_of_what_has_no_container(world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    """Compose shows nothing, and ends with 0."""
    both = {"name": "shop", "services": {"web": {"image": "web:1"}, "job": {"image": "job:1"}}}
    world.answer("config --format json", both)
    assert run(["logs", "web"]) == 0
    assert run(["logs", "web", "job"]) == run(["logs", "job", "--json"]) == 4
    assert said(capfd).count("service `job` has no container") == 2
    assert run(["logs", "wbe"]) == 2
    world.answer(STARTED, lines(started("web"), started("left")))  # of an earlier file: Compose no longer knows it
    world.answer("logs --no-color -- left", err="no such service: left", code=1)
    assert run(["logs", "left"]) == 2
    assert "there is no service `left`" in said(capfd)
    nothing_there(world)
    assert run(["logs"]) == run(["logs", "web"]) == 4
    assert said(capfd).count("project `shop` has no container. `edgegen up` starts it") == 2
