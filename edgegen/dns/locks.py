"""One edgegen at a time for each zone: a lock that the kernel frees when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from edgegen.core.errors import LocalIOError, LockedError, Problem
from edgegen.core.location import Location
from edgegen.dns.jobs import Shelf
from edgegen.dns.provider import Clock

_PAUSE = 0.05


@contextmanager
def zone_lock(shelf: Shelf, zone: str, timeout: float, clock: Clock) -> Iterator[None]:
    """Holds `locks/<zone>.lock`, waiting at most `timeout` seconds; without a state folder there is no lock.

    Raises LockedError naming the holder, RefusedError if the lock is not a plain file, LocalIOError.
    """
    if shelf.open_lock is None:
        yield
        return
    path = _path(zone)
    opened = shelf.open_lock(path)
    try:
        _acquire(opened, path, zone, timeout, clock)
        _sign(opened)
        yield
    finally:
        os.close(opened)


def has_been_locked(shelf: Shelf, zone: str) -> bool:
    """Whether a sync from here has ever taken the lock of this zone. The file stays when the lock is free again."""
    return shelf.read(_path(zone)) is not None


def _path(zone: str) -> str:
    return f"locks/{quote(zone, safe='')}.lock"


def _acquire(opened: int, path: str, zone: str, timeout: float, clock: Clock) -> None:
    deadline = clock.now() + timeout
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if clock.now() >= deadline:
                message = f"another edgegen works on {zone} ({_holder(opened)})"
                raise LockedError(Problem(message, Location(path), hint="wait for it to end")) from None
            clock.sleep(_PAUSE)
        except OSError as error:
            raise LocalIOError(Problem(f"can't be locked: {error.strerror}", Location(path))) from error


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
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "it has not said who it is yet"
