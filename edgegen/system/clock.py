"""Time as an argument, so that tests can supply their own."""

from __future__ import annotations

import time
from typing import Protocol

from edgegen.system.stop import Stop


class Clock(Protocol):
    """Measures time and waits."""

    def now(self) -> float:
        """Monotonic seconds."""

    def sleep(self, seconds: float) -> None:
        """Waits. Raises `Interrupted` if the run must stop."""


class WallClock:
    """The real clock; its sleeps end early if the run must stop."""

    def __init__(self, stop: Stop | None = None) -> None:
        self._stop = stop or Stop()

    def now(self) -> float:
        """Monotonic seconds: changes of the system time don't matter."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits. Raises `Interrupted` if the run must stop."""
        self._stop.wait(seconds)
