"""A Docker Engine of the lab's own: its images are kept from one session to the next, nothing else is.

It is started even where the machine has an engine: that one's containers, ports, hosts and trusted certificates are
somebody's, and the lab needs all four.
"""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab.ground import ADDRESS, Ground
from tests.lab.parts import cache_folder, program

_SCRIPT = Path(__file__).with_name("ground.sh")
_DEADLINE = 60.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one engine lives. Whoever holds the lock owns the folders, and what a killed session left in them."""

    data: Path
    folder: Path
    lock: int


@contextmanager
def running_engine() -> Iterator[Ground]:
    """The ground with an engine that answers; taken down with everything in it."""
    if os.geteuid() != 0:
        pytest.fail("the lab starts its own Docker Engine, and that needs root: `sudo make test`", pytrace=False)
    with _place() as place:
        _clear(place)
        place.folder.mkdir()
        process = _start(place)
        try:
            ground = Ground(place.folder, _first_process(place.folder, process))
            _wait_for_ping(ground, process)
            sweep(ground)
            try:
                yield ground
            finally:
                sweep(ground)
        finally:
            _end(process)
            _clear(place)


def control_group(folder: Path) -> str:
    """The name of the control group of everything that runs on a ground."""
    return f"edgegen-lab-{hashlib.sha256(bytes(folder)).hexdigest()[:12]}"


def sweep(ground: Ground) -> None:
    """Remove all containers, networks and volumes; images stay."""
    for kind, listing, removal in (
        ("containers", ["ps", "-aq"], ["rm", "-fv"]),
        ("networks", ["network", "ls", "-q", "--filter", "type=custom"], ["network", "rm"]),
        ("volumes", ["volume", "ls", "-q"], ["volume", "rm", "-f"]),
    ):
        found = docker(ground, *listing).split()
        if found:
            docker(ground, *removal, *found)
        assert not docker(ground, *listing).split(), f"the lab's engine keeps {kind}"


def docker(ground: Ground, *words: str) -> str:
    """What the docker client says to the lab's engine, asked from outside. Fails with its complaint."""
    result = subprocess.run(
        [str(program("docker")), "-H", ground.docker_host, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
    )
    assert result.returncode == 0, f"docker {' '.join(words)}: {result.stderr}"
    return result.stdout


@contextmanager
def _place() -> Iterator[_Place]:
    """A place that nobody else uses now. The engine inherits the lock: the place is free when the engine is gone."""
    cache = cache_folder()
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(64):
        lock = os.open(cache / f"engine-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        try:
            yield _Place(cache / f"engine-{number}", cache / f"ground-{number}", lock)
        finally:
            os.close(lock)
        return
    pytest.fail(f"64 labs at once? {cache} has no place left")


def _start(place: _Place) -> subprocess.Popen[bytes]:
    for needed in ("containerd", "iptables", "ip"):
        program(needed)
    engine = [
        program("dockerd"), "--host", "unix:///run/docker.sock", "--data-root", place.data,
        "--exec-root", "/run/docker-exec", "--pidfile", "/run/docker.pid",
        "--cgroup-parent", f"/{control_group(place.folder)}",
    ]  # fmt: skip
    namespaces = ["--mount", "--net", "--pid", "--uts", "--fork", "--kill-child"]
    words = [program("unshare"), *namespaces, "sh", _SCRIPT, place.folder, ADDRESS, *engine]
    with (place.folder / "engine.log").open("wb") as log:
        return subprocess.Popen(
            list(map(str, words)),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=(place.lock,),
            start_new_session=True,  # Ctrl-C ends the tests, and they end the engine
        )


def _first_process(folder: Path, process: subprocess.Popen[bytes]) -> int:
    _wait_until((folder / "pid").exists, folder, process, "the lab's namespaces")
    return int((folder / "pid").read_text())


def _wait_for_ping(ground: Ground, process: subprocess.Popen[bytes]) -> None:
    _wait_until(lambda: _pings(ground.folder / "run" / "docker.sock"), ground.folder, process, "the Docker Engine")


def _pings(path: Path) -> bool:
    connection = http.client.HTTPConnection("docker", timeout=5)
    try:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(path))
        connection.request("GET", "/_ping")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_until(ready: Callable[[], bool], folder: Path, process: subprocess.Popen[bytes], what: str) -> None:
    deadline = time.monotonic() + _DEADLINE
    while not ready():
        ended = process.poll() is not None
        if ended or time.monotonic() > deadline:
            tail = "\n".join((folder / "engine.log").read_text(errors="replace").splitlines()[-30:])
            how = f"ended with {process.returncode}" if ended else f"did not answer within {_DEADLINE:.0f} s"
            pytest.fail(f"{what} {how}:\n{tail}", pytrace=False)
        time.sleep(0.02)  # neither /proc nor a socket that is not there yet can be waited for


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()  # the first process stops the engine, and its end takes every process of the lab along
    try:
        process.wait(40)
    except subprocess.TimeoutExpired:
        process.kill()  # `--kill-child` passes it on
        process.wait()


def _clear(place: _Place) -> None:
    for group in Path("/sys/fs/cgroup").glob(f"**/{control_group(place.folder)}"):
        for path in sorted(group.glob("**/"), reverse=True):
            path.rmdir()
    if place.folder.exists():
        shutil.rmtree(place.folder)
