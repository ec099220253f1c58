"""Where grounds live: folders and locks in the cache, and the first process of each ground's namespaces."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab.parts import cache_folder, program
from tests.sizes import sized

_SCRIPT = Path(__file__).with_name("ground.sh")
_DEADLINE = 60.0
_OF_A_SESSION = ("swarm", "network")
"""What an engine keeps in its data of the swarm and the networks it was in."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one ground lives. Whoever holds the lock owns the folders, and what a killed session left in them."""

    data: Path
    folder: Path
    lock: int


@contextmanager
def own_place() -> Iterator[Place]:
    """A place that nobody else uses now. The ground inherits the lock: the place is free when its engine is gone."""
    if os.geteuid() != 0:
        pytest.fail("the lab starts its own Docker Engine, and that needs root: `sudo make test`", pytrace=False)
    cache = cache_folder()
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(64):
        lock = os.open(cache / f"engine-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        place = Place(cache / f"engine-{number}", cache / f"ground-{number}", lock)
        try:
            _clear(place)
            place.folder.mkdir()
            yield place
        finally:
            _clear(place)
            os.close(lock)
        return
    pytest.fail(f"64 labs at once? {cache} has no place left")


def control_group(folder: Path) -> str:
    """The name of the control group of everything that runs on a ground."""
    return f"edgegen-lab-{hashlib.sha256(bytes(folder)).hexdigest()[:12]}"


def control_groups(folder: Path) -> list[Path]:
    """Those of this name that are there, one for each controller.

    Other grounds' groups come and go meanwhile: `os.walk` passes over what has gone, and `Path.glob` raises.
    """
    name = control_group(folder)
    return [Path(parent, name) for parent, folders, _ in os.walk("/sys/fs/cgroup") if name in folders]


def start(
    place: Place, engine: Sequence[str | Path], *, name: str, address: str, resolver: str
) -> subprocess.Popen[bytes]:
    """Namespaces of their own with `engine` in them. They end when the pipe to their first process closes."""
    for needed in ("containerd", "iptables", "ip"):
        program(needed)
    namespaces = ["--mount", "--net", "--pid", "--uts", "--fork", "--kill-child"]
    words = [program("unshare"), *namespaces, "sh", _SCRIPT, place.folder, name, address, resolver, *engine]
    with (place.folder / "engine.log").open("wb") as log:
        return subprocess.Popen(
            list(map(str, words)),
            env={**os.environ, **less_collected(), **sized({"LAB_OLDER_IPTABLES": "yes"}, {})},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=(place.lock,),
            start_new_session=True,  # Ctrl-C ends the tests, and they end the engine
        )


def less_collected() -> Mapping[str, str]:
    """For programs written in Go: an engine starts itself anew for each network of each container, and its clients run
    for a moment. A fifth of what each takes is the collector's, which then has next to nothing to collect."""
    return sized({"GOGC": "400"}, {})


def first_process(place: Place, process: subprocess.Popen[bytes]) -> int:
    """The number by which the machine knows the first process of the namespaces, once they are made."""
    wait_until((place.folder / "pid").exists, place, process, "the lab's namespaces")
    return int((place.folder / "pid").read_text())


def wait_until(ready: Callable[[], bool], place: Place, process: subprocess.Popen[bytes], what: str) -> None:
    """Fails with the engine's last words if it ends, or is not ready in time."""
    deadline = time.monotonic() + _DEADLINE
    while not ready():
        ended = process.poll() is not None
        if ended or time.monotonic() > deadline:
            tail = "\n".join((place.folder / "engine.log").read_text(errors="replace").splitlines()[-30:])
            how = f"ended with {process.returncode}" if ended else f"did not answer within {_DEADLINE:.0f} s"
            pytest.fail(f"{what} {how}:\n{tail}", pytrace=False)
        time.sleep(0.02)  # neither /proc nor a socket that is not there yet can be waited for


def end(*processes: subprocess.Popen[bytes]) -> None:
    """End grounds, all at once: each first process stops its engine, and takes every process of its ground along."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    for process in processes:
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()  # `--kill-child` passes it on
            process.wait()


def _clear(place: Place) -> None:
    for group in control_groups(place.folder):
        for path in sorted(group.glob("**/"), reverse=True):
            path.rmdir()
    for path in (place.folder, *(place.data / name for name in _OF_A_SESSION)):
        if path.exists():
            shutil.rmtree(path)
