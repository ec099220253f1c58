"""A progress line on a terminal that counts, or says what takes so long; nothing elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from edgegen.cli.console import ERASE, Console

WIDTH = 30
QUIET_SECONDS = 1.0
"""Seconds of silence before a message appears."""


class _Line:
    """The one line at the bottom of the terminal. Only the outermost user writes it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._done = threading.Event()

    def write(self, text: str) -> None:
        with self._lock:
            Console.has_status_line = bool(text)
            sys.stderr.write(f"\r{text}{ERASE}")
            sys.stderr.flush()

    def tick(self, words: str) -> None:
        """Show what takes so long, after the first second and then every second."""
        began = time.monotonic()
        while not self._done.wait(QUIET_SECONDS):
            with self._lock:
                if not self._done.is_set():
                    self.write(f"{words} ({round(time.monotonic() - began)} s)")

    def stop(self) -> None:
        """Stop `tick`."""
        with self._lock:
            self._done.set()


def _shown() -> bool:
    return sys.stderr.isatty() and not (Console.quiet or Console.as_json or Console.is_busy)


@contextmanager
def _line(words: str) -> Iterator[_Line | None]:
    if not _shown():
        yield None
        return
    line = _Line()
    ticking = threading.Thread(target=line.tick, args=(words,), daemon=True)
    Console.is_busy = True
    ticking.start()
    try:
        yield line
    finally:
        line.stop()
        ticking.join()
        line.write("")
        Console.is_busy = False


@contextmanager
def working(words: str) -> Iterator[None]:
    """Shows `words` and the seconds if what runs inside takes longer than one second."""
    with _line(words):
        yield


@contextmanager
def progress_bar(what: str, waiting: str) -> Iterator[Callable[[int, int], None]]:
    """Yields a function that shows how much is done of how much; the line disappears when the block ends.

    `waiting` is said, with the seconds, until the first number comes. "0 of 0" takes the line away, so that something
    else can be said.
    """
    with _line(waiting) as line:

        def show(done: int, total: int) -> None:
            if line is None:
                return
            if total:
                line.stop()
            filled = round(WIDTH * done / total) if total else 0
            line.write(f"[{'#' * filled}{' ' * (WIDTH - filled)}] {done}/{total} {what}" if total else "")

        yield show
