"""The one line at the bottom of a terminal: what takes so long, how much is done, or what is still missing.

It is on stderr, comes after a second of silence, and is erased before anything else is printed. In a pipe there is
nothing: a cron job must not send mail because a server was slow. Nor on a terminal that can't erase (TERM=dumb).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from msgspec import Struct, field

from edgegen.cli.console import ERASE, Console, knows_escapes, note, printable, real_columns
from edgegen.core.columns import beginning, width
from edgegen.core.names import duration_text
from edgegen.system.thread import start

WIDTH = 30
QUIET_SECONDS = 1.0
"""Seconds of silence before a message appears."""
_NARROW = 20


class _Job(Struct, eq=False):
    """Something that is waited for. `text` gets the seconds since it began."""

    text: Callable[[float], str]
    stays: bool = False
    """Shown even while something inside it is waited for."""
    began: float = field(default_factory=time.monotonic)
    bar: str = ""

    def line(self) -> str:
        return self.bar or self.text(time.monotonic() - self.began)


class _Line:
    """Everything that is waited for now, the innermost last, and the thread that shows it every second."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._jobs: list[_Job] = []
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, job: _Job) -> None:
        with self._lock:
            self._jobs.append(job)
            if self._thread is None:
                self._done = threading.Event()
                self._thread = threading.Thread(target=self._tick, args=(self._done,), daemon=True)
                start(self._thread)

    def end(self, job: _Job) -> None:
        with self._lock:
            self._jobs.remove(job)
            if self._jobs:
                return
            self._done.set()
            thread, self._thread = self._thread, None
        try:
            if thread is not None:
                thread.join()
        finally:
            self._erase()

    def show(self) -> None:
        """Write the line now."""
        with self._lock:
            if text := self._text():
                Console.has_status_line = True
                sys.stderr.write(f"\r{_fitting(text)}{ERASE}")
                sys.stderr.flush()

    def _erase(self) -> None:
        with self._lock:
            if Console.has_status_line:
                Console.has_status_line = False
                sys.stderr.write(f"\r{ERASE}")
                sys.stderr.flush()

    def _text(self) -> str:
        """Of a bar and what is inside it, both."""
        if not self._jobs:
            return ""
        staying = next((job for job in reversed(self._jobs) if job.stays), None)
        if staying is not None:
            return staying.line()
        bars = [job.bar for job in self._jobs[:-1] if job.bar]
        return "  ".join([*bars[-1:], self._jobs[-1].line()])

    def _tick(self, done: threading.Event) -> None:
        while not done.wait(QUIET_SECONDS):
            with self._lock:
                if not done.is_set():
                    self.show()


_LINE = _Line()


def _fitting(text: str) -> str:
    """What fits on one row: of a line that wraps, only the last row could be erased."""
    text = printable(text).replace("\n", " ").replace("\t", " ")
    room = max(real_columns(sys.stderr) - 1, _NARROW)
    return text if width(text) <= room else f"{beginning(text, room - 1)}…"


def _lasting(words: str, seconds: float) -> str:
    return f"{words}, {seconds:.0f} s" if seconds >= 1 else words


def _shown() -> bool:
    return knows_escapes(sys.stderr) and not (Console.quiet or Console.as_json)


@contextmanager
def _job(job: _Job) -> Iterator[None]:
    _LINE.begin(job)
    try:
        yield
    finally:
        _LINE.end(job)


@contextmanager
def working(words: str) -> Iterator[None]:
    """Shows `words` and the seconds if what runs inside takes longer than one second."""
    if not _shown():
        yield
        return
    with _job(_Job(partial(_lasting, words))):
        yield


@contextmanager
def progress_bar(what: str, waiting: str) -> Iterator[Callable[[int, int], None]]:
    """Yields a function that shows how much is done of how much; the line disappears when the block ends.

    `waiting` is said, with the seconds, until the first number comes.
    """
    if not _shown():
        yield lambda _done, _total: None
        return
    job = _Job(partial(_lasting, waiting))

    def show(done: int, total: int) -> None:
        if total:
            filled = round(WIDTH * done / total)
            job.bar = f"[{'#' * filled}{' ' * (WIDTH - filled)}] {done}/{total} {what}"
            _LINE.show()

    with _job(job):
        yield show


@contextmanager
def countdown() -> Iterator[Callable[[str, float], None]]:
    """Yields a function that says what is still missing, and how many seconds are left to wait for it.

    On a terminal this is one line that is rewritten; elsewhere a line for each change of what is missing.
    """
    if not _shown():
        yield _changes()
        return
    missing, until = "", 0.0
    job = _Job(lambda _: f"{duration_text(max(0.0, until - time.monotonic()))} left: {missing}", stays=True)
    begun = False

    def say(words: str, left: float) -> None:
        nonlocal missing, until, begun
        missing, until = words, time.monotonic() + left
        if not begun:
            begun = True
            _LINE.begin(job)
        _LINE.show()

    try:
        yield say
    finally:
        if begun:
            _LINE.end(job)


def _changes() -> Callable[[str, float], None]:
    last = ""

    def say(words: str, _left: float) -> None:
        nonlocal last
        if words != last:
            last = words
            note(words)

    return say
