"""All command lines of the machine while something runs: what anybody may read there with `ps`."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.sizes import sized

_NEW = sized(1.0, math.inf)
"""Seconds in which a process that was started becomes the program that it is for: it is read at each look."""
_ONE_IN = 16
"""Looks after which each process is read again, however long it has been there."""


@contextmanager
def watch_argvs(seen: set[str]) -> Iterator[None]:
    """Read all command lines of the machine, over and over, for as long as the block runs.

    The shortest of them that matter run for some twenty milliseconds. Only the proof looks without a pause, and at all
    of them each time, which keeps a processor busy.
    """
    done = threading.Event()
    pause = sized(0.004, 0)

    def watch() -> None:
        since: dict[str, float] = {}
        look = 0
        while not done.wait(pause):  # a process that comes and goes announces itself to nobody
            since = _look(seen, since, whole=look % _ONE_IN == 0)
            look += 1

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def read_argvs(seen: set[str]) -> None:
    """Add every command line of this moment."""
    _look(seen, {}, whole=True)


def _look(seen: set[str], since: dict[str, float], *, whole: bool) -> dict[str, float]:
    """The processes of this moment, and when each was first seen. `whole`: also those that have been there for long."""
    now = time.monotonic()
    found = {entry.name: since.get(entry.name, now) for entry in os.scandir("/proc") if entry.name.isdigit()}
    for pid, first in found.items():
        if whole or now - first < _NEW:
            _read(seen, pid)
    return found


def _read(seen: set[str], pid: str) -> None:
    try:
        with os.fdopen(os.open(f"/proc/{pid}/cmdline", os.O_RDONLY), "rb", 0) as opened:
            seen.add(opened.read().replace(b"\0", b" ").decode(errors="replace"))
    except OSError:
        return  # it has ended
