"""SIGINT and SIGTERM as a wish: what runs is told to stop, and says what it has."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


@dataclass(slots=True)
class Told:
    """Which signal came. `stop` is set as soon as one has."""

    stop: threading.Event = field(default_factory=threading.Event)
    exit_code: int | None = None
    """130 or 143; None while no signal came."""


@contextmanager
def told_by_signals() -> Iterator[Told]:
    """The first signal sets `stop`; a second one ends the process as it always does. For the main thread alone."""
    told = Told()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = {number: signal.getsignal(number) for number in CODES}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def hear(number: int, _frame: object) -> None:
        told.exit_code = CODES[signal.Signals(number)]
        told.stop.set()
        restore()

    for number in CODES:
        signal.signal(number, hear)
    try:
        yield told
    finally:
        restore()
