"""Stopping between two requests: the one in flight is read to its end, the next is not sent."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Interrupted(KeyboardInterrupt):
    """The run was told to stop and did, between two requests. `signal` is SIGINT or SIGTERM."""

    def __init__(self, number: int, message: str = "") -> None:
        super().__init__(message)
        self.signal = number
        self.message = message


class Stop:
    """Asked before each request, and by every sleep. A second signal stops at once."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._signal: int = signal.SIGINT

    def ask(self, number: int = signal.SIGINT) -> None:
        """Stop before the next request."""
        self._signal = number
        self._event.set()

    def check(self) -> None:
        """Raises Interrupted if the run is to stop."""
        if self._event.is_set():
            raise Interrupted(self._signal)

    def wait(self, seconds: float) -> None:
        """Sleeps, unless or until the run is to stop: then raises Interrupted."""
        self._event.wait(max(0.0, seconds))
        self.check()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM ask to stop. Outside the main thread, where none arrive, does nothing."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        for number in before:
            signal.signal(number, self._handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _handle(self, number: int, _frame: object) -> None:
        if self._event.is_set():
            raise Interrupted(number)
        self.ask(number)


class WallClock:
    """The real clock, whose sleeps end when the run is to stop."""

    def __init__(self, stop: Stop | None = None) -> None:
        self._stop = stop or Stop()

    def now(self) -> float:
        """Monotonic seconds: a step of the system's clock does not matter."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits. Raises `Interrupted` when the run is to stop."""
        self._stop.wait(seconds)
