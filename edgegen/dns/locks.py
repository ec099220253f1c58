"""One edgegen at a time for each zone: a lock that the kernel frees when its holder dies."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from edgegen.core.errors import LocalIOError, LockedError, Problem, RefusedError
from edgegen.core.location import Location
from edgegen.dns.provider import Clock

_OPEN = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_PAUSE = 0.05


@contextmanager
def zone_lock(state: Path | None, zone: str, timeout: float, clock: Clock) -> Iterator[None]:
    """Holds `<state>/locks/<zone>.lock`, waiting at most `timeout` seconds; without a state folder there is no lock.

    Raises LockedError naming the holder, RefusedError where the lock is a link, LocalIOError.
    """
    if state is None:
        yield
        return
    path = _path(state, zone)
    opened = _open(path)
    try:
        _acquire(opened, path, zone, timeout, clock)
        _sign(opened)
        yield
    finally:
        os.close(opened)


def has_been_locked(state: Path | None, zone: str) -> bool:
    """Whether a sync from here has ever taken the lock of this zone. The file stays when the lock is free again."""
    return state is not None and _path(state, zone).is_file()


def _path(state: Path, zone: str) -> Path:
    return state / "locks" / f"{quote(zone, safe='')}.lock"


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, _OPEN, 0o600)
    except OSError as error:
        where = Location(str(path))
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise RefusedError(Problem("the lock is not a plain file", where, hint="remove it")) from error
        raise LocalIOError(Problem(f"the lock can't be opened: {error.strerror}", where)) from error


def _acquire(opened: int, path: Path, zone: str, timeout: float, clock: Clock) -> None:
    deadline = clock.now() + timeout
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if clock.now() >= deadline:
                message = f"another edgegen works on {zone} ({_holder(opened)})"
                raise LockedError(Problem(message, Location(str(path)), hint="wait for it to end")) from None
            clock.sleep(_PAUSE)
        except OSError as error:
            raise LocalIOError(Problem(f"can't be locked: {error.strerror}", Location(str(path)))) from error


def _sign(opened: int) -> None:
    """Who holds it, as a courtesy to whoever waits: a full disk does not matter."""
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    text = json.dumps({"pid": os.getpid(), "host": os.uname().nodename, "since": since}).encode()
    try:
        os.ftruncate(opened, 0)
        os.pwrite(opened, text, 0)
    except OSError:
        return


def _holder(opened: int) -> str:
    try:
        holder = json.loads(os.pread(opened, 4096, 0))
        return f"pid {int(holder['pid'])} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has not said who it is yet"
