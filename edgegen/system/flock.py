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
from edgegen.core.show import shown as harmless
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
    with suppress(OSError):
        os.ftruncate(opened, 0)
        os.pwrite(opened, signature(os.uname().nodename).encode(), 0)


def _holder(opened: int) -> str:
    try:
        signed = os.pread(opened, 4096, 0)
    except OSError:
        signed = b""
    return in_words(signed)


def signature(machine: str) -> str:
    """This process, as JSON. `machine` is the name of the one that it runs on."""
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"pid": os.getpid(), "host": machine, "since": since})


def in_words(signed: str | bytes) -> str:
    """`pid 7 on one, since …`, from what a holder has written down."""
    try:
        holder = json.loads(signed)
        return f"pid {int(holder['pid'])} on {harmless(holder['host'], 64)}, since {harmless(holder['since'], 40)}"
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "its process is not known yet"
