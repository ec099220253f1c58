"""A lock on an open file, which the kernel releases when its holder dies; the file names the holder."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from edgegen.core.errors import LockedError, Problem
from edgegen.core.location import Location
from edgegen.system.clock import Clock
from edgegen.system.os_errors import naming

_PAUSE = 0.05


@contextmanager
def hold(opened: int, shown: str, timeout: float, clock: Clock, taken: str = "holds the lock") -> Iterator[None]:
    """Lock an open file, waiting at most `timeout` seconds. The caller closes the file.

    Raises LockedError naming the holder (`another edgegen {taken}`), LocalIOError where the system refuses.
    """
    deadline = clock.now() + timeout
    while not _is_taken(opened, shown):
        if clock.now() >= deadline:
            message = f"another edgegen {taken} ({_holder(opened)})"
            raise LockedError(Problem(message, Location(shown), hint="wait until it has finished"))
        clock.sleep(_PAUSE)
    try:
        _sign(opened)
        yield
    finally:
        with suppress(OSError):
            os.ftruncate(opened, 0)


def _is_taken(opened: int, shown: str) -> bool:
    with naming(shown, "locking"):
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _sign(opened: int) -> None:
    """Write down who holds it, as a courtesy to those who wait: a full disk does not matter here."""
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    holder = {"pid": os.getpid(), "host": os.uname().nodename, "since": since}
    with suppress(OSError):
        os.ftruncate(opened, 0)
        os.pwrite(opened, json.dumps(holder).encode(), 0)


def _holder(opened: int) -> str:
    try:
        holder = json.loads(os.pread(opened, 4096, 0))
        return f"pid {int(holder['pid'])} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "its process is not known yet"
