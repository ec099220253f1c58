"""Requests that go on while something is changed: whether a visitor notices."""

from __future__ import annotations

import threading
from typing import Protocol

from tests.lab.clients import Answer


class Visitor(Protocol):
    """Who asks; `Client` is one."""

    def get(self, host: str, path: str = "/") -> Answer: ...


class Requests:
    """A visitor who asks again and again for as long as the block runs, on a new connection each time."""

    def __init__(self, visitor: Visitor, host: str) -> None:
        self.visitor, self.host = visitor, host
        self.statuses: set[int | str] = set()
        """Every status that came, and every error instead of one."""
        self.count = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Requests:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._done.wait(0.05):
            self.count += 1
            try:
                self.statuses.add(self.visitor.get(self.host).status)
            except Exception as error:  # whatever it is, it came instead of an answer
                self.statuses.add(repr(error))
