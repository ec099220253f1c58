"""The engine of the lab answers, is alone, and leaves no trace."""

from __future__ import annotations

import fcntl
import os
import select
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.engine import control_groups, docker, running_engine
from tests.lab.ground import Ground
from tests.lab.images import ensure
from tests.lab.parts import cache_folder


def test_the_engine_answers_inside_and_outside(ground: Ground) -> None:
    assert docker(ground, "version", "--format", "{{.Server.Version}}").strip()
    assert ground.run("docker", "version", "--format", "{{.Server.Version}}").stdout.strip()
    assert ground.run("test", "-S", "/var/run/docker.sock").returncode == 0


def test_a_command_that_fails_says_why(ground: Ground) -> None:
    with pytest.raises(AssertionError, match=r"(?s)exit code 2.*no/such/thing"):
        ground.run("ls", "no/such/thing")


def test_a_command_without_end_is_ended(ground: Ground) -> None:
    with pytest.raises(AssertionError, match="no end after"):
        ground.run("sleep", "100", seconds=0.3)


def test_the_labs_network_is_its_own(ground: Ground) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(ConnectionRefusedError):
        ground.connect(server.getsockname()[1], "127.0.0.1")


def test_nothing_is_left(own_cache: Path) -> None:
    with running_engine() as ground:
        docker(ground, "network", "create", "left-behind")
        docker(ground, "volume", "create", "left-behind")
        sleeping = ground.start(["sleep", "1000"])
        ensure(ground, "lab/app:1")
        docker(ground, "run", "-d", "lab/app:1")
        first = os.pidfd_open(ground.pid)
        assert _groups(), "the engine's control groups are not seen at all"
    assert select.select([first], [], [], 0)[0], "the engine still runs"
    os.close(first)
    assert sleeping.wait(60)
    assert not ground.folder.exists()
    assert str(own_cache) not in Path("/proc/mounts").read_text()
    assert not _groups()
    with running_engine() as ground:
        assert "left-behind" not in docker(ground, "network", "ls") + docker(ground, "volume", "ls")


def test_a_killed_session_takes_the_engine_along(own_cache: Path) -> None:
    """Planted: the tests die without a word, and so the pipe closes with no teardown at all."""
    session = subprocess.Popen(
        [sys.executable, "-c", _SESSION], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with session:
        assert session.stdout is not None
        pid, folder = session.stdout.readline().split()
        engine = os.pidfd_open(int(pid))
        session.kill()
    assert select.select([engine], [], [], 40)[0], "the engine outlived its session"
    os.close(engine)
    assert Path(folder).exists()  # nobody was left to remove it
    _wait_for_lock(own_cache / "edgegen-lab" / "engine-0.lock")
    with running_engine() as ground:
        assert ground.folder == Path(folder)
    assert not Path(folder).exists()
    assert not _groups()


_SESSION = """
from tests.lab.engine import docker, running_engine
from tests.lab.images import ensure
with running_engine() as ground:
    ensure(ground, "lab/app:1")
    docker(ground, "run", "-d", "--restart", "always", "lab/app:1")
    print(ground.pid, ground.folder, flush=True)
    input()
"""


@pytest.fixture
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that no other lab of this machine uses meanwhile.

    Its name is short: the engine's socket is in it, and the path of a socket has at most 107 characters.
    """
    folder = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


def _groups() -> list[Path]:
    """The control groups of the engine in the place 0 of this cache."""
    return control_groups(cache_folder() / "ground-0")


def _wait_for_lock(path: Path) -> None:
    with path.open() as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
