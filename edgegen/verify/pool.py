"""Jobs on daemon threads. Only the thread that hands them out sees results, and it may leave while jobs still run."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from typing import Any, Self, TypeVar

from edgegen.core.errors import LocalIOError
from edgegen.system.thread import start

T = TypeVar("T")

_SOON, _LATER = range(2)
_FILES_OF_A_JOB = 5
"""Open files at the same time: the TLS port, the look for weak TLS, the web port, a token server or an issuer."""
_OTHER_FILES = 32


def affordable(threads: int) -> int:
    """So many threads, or fewer where the process may not open files enough for all of them."""
    import resource

    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        return threads
    return max(1, min(threads, (most - _OTHER_FILES) // _FILES_OF_A_JOB))


class Pool:
    """At most `threads` jobs at once. No job's time starts before a thread takes it up.

    A job that raises is a bug, or an error for the user: it is raised again in `step`, not lost with its thread.
    """

    def __init__(self, threads: int) -> None:
        self._most = max(1, threads)
        self._started = 0
        self._order = itertools.count()
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[], Callable[[], None]] | None]]
        self._jobs = queue.PriorityQueue()
        self._done: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        """Idle threads leave. Those at work end with their job, or with the process."""
        for _ in range(self._started):
            self._jobs.put((_SOON, -1, None))

    def submit(self, job: Callable[[], T], then: Callable[[T], None], *, soon: bool = False) -> None:
        """Run `job` on a thread, and `then` with its result in `step`. `soon`: before all jobs that are not."""

        def whole() -> Callable[[], None]:
            result = job()
            return lambda: then(result)

        self._jobs.put((_SOON if soon else _LATER, next(self._order), whole))
        if self._started < self._most:
            self._start()

    def step(self, seconds: float) -> None:
        """Take one result, if there is one within so many seconds. Raises what its job has raised."""
        try:
            take = self._done.get(timeout=seconds)
        except queue.Empty:
            return
        take()

    def _start(self) -> None:
        try:
            start(threading.Thread(target=self._work, name=f"probe-{self._started}", daemon=True))
        except RuntimeError as error:  # the system has no more of them: those that run are enough
            if self._started == 0:
                raise LocalIOError(f"can't start a thread: {error}") from None
            self._most = self._started
            return
        self._started += 1

    def _work(self) -> None:
        while True:
            _, _, job = self._jobs.get()
            if job is None:
                return
            try:
                done = job()
            except BaseException as error:  # noqa: BLE001  # handed on to the thread that waits for it
                done = _raiser(error)
            self._done.put(done)
            # A thread that waits for its next job must not hold on to what it saw last.
            del job, done


def _raiser(error: BaseException) -> Callable[[], Any]:
    def again() -> Any:
        raise error

    return again
