"""One edgegen at a time writes into a project, and one starts or stops its stack: locks that the kernel releases when
their holder dies."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from edgegen.files.output import STATE_DIRECTORY, parse_path
from edgegen.files.safe_open import ProjectDirectory
from edgegen.system.clock import WallClock
from edgegen.system.flock import hold
from edgegen.system.os_errors import naming, refused

_NAME = "lock"
STACK = "stack.lock"
_OPEN = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class _Held(threading.local):
    """The locks of this thread, so that a command that holds one can call a function that takes it."""

    def __init__(self) -> None:
        self.files: set[tuple[int, int]] = set()


_held = _Held()


def lock(project: Path, timeout: float = 0) -> AbstractContextManager[None]:
    """Holds `.edgegen/lock`, waiting at most `timeout` seconds. The thread that holds it may take it again.

    Raises LockedError naming the holder, RefusedError if the lock isn't a regular file, LocalIOError.
    """
    return _locked(project, _NAME, timeout, "holds the lock")


def stack_lock(project: Path) -> AbstractContextManager[None]:
    """Held while the stack is started or stopped, which may take minutes: files can still be written meanwhile.

    Raises as `lock` does.
    """
    return _locked(project, STACK, 0, "is starting or stopping this stack")


@contextmanager
def _locked(project: Path, name: str, timeout: float, taken: str) -> Iterator[None]:
    with ProjectDirectory(project) as root:
        shown = root.shown(f"{STATE_DIRECTORY}/{name}")
        opened = _open(root.make((STATE_DIRECTORY,)), shown, name)
    try:
        facts = os.fstat(opened)
        key = (facts.st_dev, facts.st_ino)
        if key in _held.files:
            yield
        else:
            with hold(opened, shown, timeout, WallClock(), taken):
                _held.files.add(key)
                try:
                    yield
                finally:
                    _held.files.discard(key)
    finally:
        os.close(opened)


def open_lock_file(project: Path, path: str) -> int:
    """A descriptor of a lock file, which is created if it is missing. The caller closes it.

    Raises RefusedError for a link, a FIFO or a file with several names, LocalIOError.
    """
    parts = parse_path(path)
    with ProjectDirectory(project) as root:
        return _open(root.make(parts[:-1]), root.shown(path), parts[-1])


def _open(directory: int, shown: str, name: str) -> int:
    with naming(shown, "opening the lock", directory):
        try:
            opened = os.open(name, _OPEN, 0o600, dir_fd=directory)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
                raise refused(shown, "is not a regular file", f"remove it: {shown}") from error
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
        raise refused(shown, "is not a regular file with a single name", f"remove it: {shown}")
    if stat.S_IMODE(facts.st_mode) != 0o600:
        os.fchmod(opened, 0o600)
