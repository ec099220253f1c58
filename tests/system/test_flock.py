"""A lock on an open file: who waits, how long, and what the file says of its holder."""

from __future__ import annotations

import errno
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from edgegen.core.errors import LocalIOError, LockedError
from edgegen.system import flock
from edgegen.system.flock import hold


class Watch:
    """A clock that only its sleeps move."""

    def __init__(self, wakes: Callable[[], None] = lambda: None) -> None:
        self.seconds, self.sleeps, self._wakes = 100.0, 0, wakes

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 0.1, "a lock that gets free is taken at once"
        self.seconds += seconds
        self.sleeps += 1
        self._wakes()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lock"


Hold = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def held(file: Path) -> Hold:
    """Opens the file once more, locks it, and closes it at the end: each opening is a holder of its own."""

    @contextmanager
    def held(timeout: float = 0, watch: Watch | None = None, *words: str) -> Iterator[None]:
        opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with hold(opened, ".edgegen/lock", timeout, watch or Watch(), *words):
                yield
        finally:
            os.close(opened)

    return held


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone that is half a day from UTC."""
    monkeypatch.setenv("TZ", "XXX-12")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_the_file_names_its_holder_as_long_as_it_is_held(file: Path, held: Hold) -> None:
    file.write_text("a longer text of somebody who died while holding the lock" * 9)
    with held():
        holder = json.loads(file.read_text())
        assert (holder["pid"], holder["host"]) == (os.getpid(), os.uname().nodename)
        since = datetime.strptime(holder["since"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert abs(datetime.now(UTC) - since) < timedelta(minutes=2)
        assert list(holder) == ["pid", "host", "since"]
    assert file.read_bytes() == b""


def test_who_comes_second_is_told_of_the_first(file: Path, held: Hold) -> None:
    with held():
        since = json.loads(file.read_text())["since"]
        for words, said in (([], "holds the lock"), (["writes records"], "writes records")):
            with pytest.raises(LockedError) as caught, held(0, Watch(), *words):
                pytest.fail("two hold it")
            (problem,) = caught.value.problems
            assert (
                problem.message == f"another edgegen {said} (pid {os.getpid()} on {os.uname().nodename}, since {since})"
            )
            assert (str(problem.where), problem.hint) == (".edgegen/lock", "wait until it has finished")
    with held():
        pass


@pytest.mark.parametrize("timeout", [0.0, 1.0])
def test_the_wait_ends_when_the_time_is_over(held: Hold, timeout: float) -> None:
    watch = Watch()
    with held(), pytest.raises(LockedError), held(timeout, watch):
        pytest.fail("two hold it")
    assert 100 + timeout <= watch.seconds < 100.11 + timeout
    assert bool(watch.sleeps) == bool(timeout)


def test_a_lock_that_gets_free_is_taken(held: Hold) -> None:
    first = held()
    first.__enter__()

    def free_it_at_last() -> None:
        if watch.sleeps == 3:
            first.__exit__(None, None, None)

    watch = Watch(free_it_at_last)
    with held(60, watch):
        assert watch.sleeps == 3


@pytest.mark.parametrize("kept", ["{}", "[]", "", '{"pid": "x", "host": "a", "since": "b"}', '{"pid": 1, "host": "a"}'])
def test_a_holder_that_has_not_signed(file: Path, held: Hold, kept: str) -> None:
    with held():
        file.write_text(kept)
        with pytest.raises(LockedError, match=re.escape("(its process is not known yet)")):
            held().__enter__()


def test_a_signature_longer_than_a_page_is_not_read_whole(file: Path, held: Hold) -> None:
    signature = '{"pid": 1, "host": "a", "since": "b"}'
    for spaces, said in ((4096 - len(signature), "pid 1 on a, since b"), (4097 - len(signature), "not known yet")):
        with held():
            file.write_text(" " * spaces + signature)
            with pytest.raises(LockedError, match=said):
                held().__enter__()


def _refuse(code: int) -> Callable[..., NoReturn]:
    def call(*_: Any) -> NoReturn:
        raise OSError(code, os.strerror(code))

    return call


def test_a_full_disk_hinders_nobody(file: Path, held: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", _refuse(errno.ENOSPC))
    monkeypatch.setattr(os, "ftruncate", _refuse(errno.ENOSPC))
    with held(), pytest.raises(LockedError, match="not known yet"):
        held().__enter__()


def test_a_system_without_locks_is_an_error_of_files(held: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flock.fcntl, "flock", _refuse(errno.ENOLCK))
    with pytest.raises(LocalIOError, match=r"\.edgegen/lock: locking failed: No locks available"):
        held().__enter__()
