"""What many threads want to know, found out by one of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from msgspec import Struct, field

from edgegen.net.deadline import Deadline

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Entry(Struct, Generic[V]):
    ready: threading.Event = field(default_factory=threading.Event)
    value: V | None = None
    until: float = 0.0


class Memo(Generic[K, V]):
    """Answers by key. The first thread that asks finds out, the others wait for it, each within its own deadline.

    `seconds` is how long an answer is valid: a run that waits for an edge to recover must see that it does.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._entries: dict[K, _Entry[V]] = {}

    def get(self, key: K, find_out: Callable[[], V | None], deadline: Deadline) -> V | None:
        """The answer; None where there is none in time. None is never kept."""
        with self._lock:
            entry = self._entries.get(key)
            mine = entry is None or (entry.ready.is_set() and entry.until < time.monotonic())
            if mine:
                entry = self._entries[key] = _Entry()
        assert entry is not None  # noqa: S101 (for the type checker)
        if mine:
            self._settle(entry, find_out)
        else:
            entry.ready.wait(deadline.left)
        return entry.value

    def _settle(self, entry: _Entry[V], find_out: Callable[[], V | None]) -> None:
        try:
            entry.value = find_out()
        finally:
            entry.until = time.monotonic() + (self._seconds if entry.value is not None else -1)
            entry.ready.set()
