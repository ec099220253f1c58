"""One job in a thread of its own, while another is done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """Runs a job while the block runs. What it raises is raised where its result is asked for, after the block.

    Where the system gives no thread more, the job has its turn when the block is over.
    """

    def __init__(self, job: Callable[[], T]) -> None:
        self._job = job
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._late = False
        self._thread = threading.Thread(target=self._run, name="beside", daemon=True)

    def __enter__(self) -> Beside[T]:
        try:
            self._thread.start()
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
