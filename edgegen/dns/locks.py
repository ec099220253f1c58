"""One edgegen at a time for each zone: a lock that the kernel frees when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from edgegen.dns.jobs import Shelf
from edgegen.system.clock import Clock
from edgegen.system.flock import hold


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
        with hold(opened, path, timeout, clock, f"works on {zone}"):
            yield
    finally:
        os.close(opened)


def has_been_locked(shelf: Shelf, zone: str) -> bool:
    """Whether a sync from here has ever taken the lock of this zone. The file stays when the lock is free again."""
    return shelf.read(_path(zone)) is not None


def _path(zone: str) -> str:
    return f"locks/{quote(zone, safe='')}.lock"
