"""Two of `up` and `down` at once in one folder: the second one is refused, and leaves everything as it is."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from edgegen.cli.app import run
from edgegen.core.errors import LocalIOError
from tests.fakes.docker_cli import FakeDocker, a_healthy_world, lines, row

pytestmark = pytest.mark.slow

SPEC = 'name: shop\nservices:\n  web: {image: "web:1"}\nedge: none\n'


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    home, folder = tmp_path / "bin", tmp_path / "shop"
    home.mkdir()
    folder.mkdir()
    fake = FakeDocker(home)
    a_healthy_world(fake)
    fake.answer("config --format json", {"name": "shop", "services": {"web": {"image": "web:1"}}})
    fake.answer("ps --all --format json", lines(row("web")))
    (folder / "edge.yaml").write_text(SPEC)
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.chdir(folder)
    return fake


@contextmanager
def hanging(world: FakeDocker, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command whose Compose does not come to an end, until it is interrupted."""
    code = f"import sys; from edgegen.cli.app import run; sys.exit(run({list(words)!r}))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as other:
        try:
            while not (world.home / "hanging").exists():
                assert other.poll() is None, other.communicate()
                threading.Event().wait(0.05)
            yield other
        finally:
            other.send_signal(signal.SIGINT)
            _, err = other.communicate(timeout=60)
    assert other.returncode == 130, err


@pytest.mark.parametrize(
    ("first", "hangs"), [(["up"], "up -d"), (["down"], "down --remove-orphans")], ids=["up", "down"]
)
def test_the_second_one_is_refused(
    world: FakeDocker, first: list[str], hangs: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["render", "-q"]) == 0
    before = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    world.answer(hangs, hang=True)
    with hanging(world, *first) as other:
        asked = len(world.calls())
        capfd.readouterr()
        Path("edge.yaml").write_text(SPEC.replace("web:1", "web:2"))
        for command in ("up", "down"):
            assert run([command]) == 6
            said = capfd.readouterr().err
            assert f"another edgegen is starting or stopping this stack (pid {other.pid} on " in said
            assert "Wait until it has finished" in said
        Path("edge.yaml").write_text(SPEC)
        after = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
        assert after == before
        assert not [call for call in world.calls()[asked:] if {"up", "down", "create", "rm"} & {*call}]
        assert run(["status"]) == run(["render", "--check"]) == run(["up", "--dry-run"]) == run(["render"]) == 0
    world.answer(hangs)
    assert run(first) == 0


def test_who_may_not_write_can_still_stop(world: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["render", "-q"]) == 0

    def read_only(_: Path) -> NoReturn:
        raise LocalIOError("./.edgegen/stack.lock: Read-only file system")

    monkeypatch.setattr("edgegen.files.stack_lock", read_only)
    assert run(["down"]) == 0
    assert world.called("down --remove-orphans")
    assert run(["up"]) == 7
