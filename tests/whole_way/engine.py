"""The Docker Engine of the lab: the machine's own where one answers, else one that lives as long as the tests."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.parts import program

SOCKET = Path("/var/run/docker.sock")
"""The usual place: rendered files mount this one."""
DEADLINE = 60.0


def docker(*words: str, stdin: bytes = b"", check: bool = True) -> str:
    """What the docker client says on stdout. With `check`, a failure fails with its complaint."""
    done = subprocess.run([str(program("docker")), *words], input=stdin, capture_output=True, check=False)
    complaint = f"docker {' '.join(words)}: {done.stderr.decode(errors='replace')}"
    assert done.returncode == 0 or not check, complaint
    return done.stdout.decode(errors="replace")


def answers() -> bool:
    """Whether an engine answers the client."""
    done = subprocess.run([str(program("docker")), "version"], capture_output=True, check=False)
    return done.returncode == 0


@contextlib.contextmanager
def engine(folder: Path) -> Iterator[None]:
    """An engine that answers. One that was started here is taken down, with everything that runs in it."""
    if answers():
        yield
        return
    if os.geteuid() != 0:
        pytest.fail("no Docker Engine answers, and only root can start one: `sudo make test`", pytrace=False)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "dockerd.log"
    process = _start(folder, log)
    try:
        _wait(process, log)
        yield
    finally:
        if process.poll() is None:
            _remove_containers()
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        SOCKET.unlink(missing_ok=True)


def _start(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    for needed in ("containerd", "iptables"):
        program(needed)
    command = [
        program("dockerd"), "--host", f"unix://{SOCKET}", "--data-root", folder / "data", "--exec-root",
        folder / "exec", "--pidfile", folder / "pid",
    ]  # fmt: skip
    with log.open("wb") as out:
        return subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + DEADLINE
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"the Docker Engine does not start:\n{log.read_text(errors='replace')[-3000:]}", pytrace=False)
        time.sleep(0.1)  # it announces nothing: its socket has to be asked


def _remove_containers() -> None:
    found = docker("ps", "-aq").split()
    if found:
        docker("rm", "-fv", *found, check=False)
