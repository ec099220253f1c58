"""One edgegen at a time in a project: a lock that the kernel frees when its holder dies."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edgegen.core.errors import LockedError, Problem
from edgegen.core.location import Location
from edgegen.files.os_errors import naming, refused
from edgegen.files.output import STATE_DIRECTORY, parse_path
from edgegen.files.safe_open import ProjectDirectory, read_up_to

_NAME = "lock"
_PAUSE = 0.05
_OPEN = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class _Held(threading.local):
    """The locks of this thread, so that a command which holds one can call what takes one."""

    def __init__(self) -> None:
        self.files: set[tuple[int, int]] = set()


_held = _Held()


@contextmanager
def lock(project: Path, timeout: float = 0) -> Iterator[None]:
    """Holds `.edgegen/lock`, waiting at most `timeout` seconds. A thread that holds it may enter again.

    Raises LockedError naming the holder, RefusedError when the lock isn't a plain file, LocalIOError.
    """
    with ProjectDirectory(project) as root:
        shown = root.shown(f"{STATE_DIRECTORY}/{_NAME}")
        opened = _open(root.make((STATE_DIRECTORY,)), shown)
    try:
        facts = os.fstat(opened)
        key = (facts.st_dev, facts.st_ino)
        if key in _held.files:
            yield
        else:
            yield from _hold(opened, key, timeout, shown)
    finally:
        os.close(opened)


def open_lock_file(project: Path, path: str) -> int:
    """A descriptor of a file that is there to be locked, made where it is missing. Whoever locks it closes it.

    Raises RefusedError for a link, a FIFO or a file with another name, LocalIOError.
    """
    parts = parse_path(path)
    with ProjectDirectory(project) as root:
        return _open(root.make(parts[:-1]), root.shown(path), parts[-1])


def _hold(opened: int, key: tuple[int, int], timeout: float, shown: str) -> Iterator[None]:
    _acquire(opened, timeout, shown)
    _held.files.add(key)
    try:
        with naming(shown, "writing", opened):
            _sign(opened)
        yield
    finally:
        _held.files.discard(key)
        _unsign(opened)


def _open(directory: int, shown: str, name: str = _NAME) -> int:
    with naming(shown, "opening the lock", directory):
        try:
            opened = os.open(name, _OPEN, 0o600, dir_fd=directory)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
                raise refused(shown, "is not a plain file", f"remove it: {shown}") from error
            raise
        try:
            _check(opened, shown)
        except BaseException:
            os.close(opened)
            raise
    return opened


def _check(opened: int, shown: str) -> None:
    facts = os.fstat(opened)
    if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
        raise refused(shown, "is not a plain file of its own", f"remove it: {shown}")
    if stat.S_IMODE(facts.st_mode) != 0o600:
        os.fchmod(opened, 0o600)


def _acquire(opened: int, timeout: float, shown: str) -> None:
    deadline = time.monotonic() + timeout
    while True:
        with naming(shown, "locking"):
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except InterruptedError:
                continue
            except BlockingIOError:
                pass
        if time.monotonic() >= deadline:
            raise LockedError(_locked(opened, shown))
        time.sleep(_PAUSE)


def _sign(opened: int) -> None:
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    holder = {"pid": os.getpid(), "host": os.uname().nodename, "since": since}
    os.ftruncate(opened, 0)
    os.pwrite(opened, json.dumps(holder).encode(), 0)


def _unsign(opened: int) -> None:
    try:
        os.ftruncate(opened, 0)
    except OSError:
        return  # only a courtesy: the next holder overwrites it


def _locked(opened: int, shown: str) -> Problem:
    return Problem(f"another edgegen holds the lock ({_holder(opened)})", Location(shown), hint="wait for it to end")


def _holder(opened: int) -> str:
    try:
        os.lseek(opened, 0, os.SEEK_SET)
        holder = json.loads(read_up_to(opened, 4096))
        return f"pid {int(holder['pid'])} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "it has not said who it is yet"
