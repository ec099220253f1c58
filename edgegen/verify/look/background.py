"""One job in its own thread, while another is done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from edgegen.system.thread import start

T = TypeVar("T")


class Background(Generic[T]):
    """Runs a job while the block runs. What it raises is raised by `result`, after the block.

    Where the system has no more threads, the job runs when the block is over.
    """

    def __init__(self, job: Callable[[], T]) -> None:
        self._job = job
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._late = False
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)

    def __enter__(self) -> Background[T]:
        try:
            start(self._thread)
        except RuntimeError:
            self._late = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._late:
            self._run()
        else:
            self._thread.join()

    def result(self) -> T:
        """What the job gave."""
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._job())
        except BaseException as error:  # noqa: BLE001 (raised again by `result`)
            self._error = error
