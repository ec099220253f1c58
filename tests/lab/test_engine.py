"""The engine of the lab answers, is alone, and leaves no trace."""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.engine import docker, running_engine
from tests.lab.ground import Ground


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


def test_nothing_is_left() -> None:
    before = _traces()
    with running_engine() as ground:
        docker(ground, "network", "create", "left-behind")
        docker(ground, "volume", "create", "left-behind")
        ground.start(["sleep", "1000"])
        folder = ground.folder
    assert _traces() == before
    assert not folder.exists()
    with running_engine() as ground:
        assert "left-behind" not in docker(ground, "network", "ls") + docker(ground, "volume", "ls")


def test_a_killed_session_takes_the_engine_along() -> None:
    """Planted: the tests die without a word, and so the pipe closes with no teardown at all."""
    with subprocess.Popen(
        [sys.executable, "-c", _SESSION], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as session:
        assert session.stdout is not None
        pid, folder = session.stdout.readline().split()
        engine = os.pidfd_open(int(pid))
        session.kill()
    try:
        assert select.select([engine], [], [], 40)[0], "the engine outlived its session"
    finally:
        os.close(engine)
        shutil.rmtree(folder)  # nobody was left to do it


_SESSION = """
from tests.lab.engine import running_engine
with running_engine() as ground:
    print(ground.pid, ground.folder, flush=True)
    input()
"""


def _traces() -> dict[str, object]:
    return {
        "interfaces": sorted(path.name for path in Path("/sys/class/net").iterdir()),
        "mounts": Path("/proc/mounts").read_text(),
        "groups": sorted(str(path) for path in Path("/sys/fs/cgroup").glob("**/edgegen-lab-*")),
        "settings": sorted(map(str, Path("/etc/docker").glob("**/*"))),
    }
