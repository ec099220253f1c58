"""Time and its passing, as an argument: tests give their own."""

from __future__ import annotations

import time
from typing import Protocol

from edgegen.system.stop import Stop


class Clock(Protocol):
    """What measures time and waits."""

    def now(self) -> float:
        """Seconds that only ever grow."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits. Raises `Interrupted` when the run is to stop."""
        ...


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
