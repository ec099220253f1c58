"""What signals do to a whole command, from its first line to its last word."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

from edgegen.system.stop import SIGNALS, Interrupted, begin, is_ignored

if TYPE_CHECKING:
    from types import FrameType

_AGAIN = 0.02
"""Seconds after which an interrupt that nobody could pass on is raised again."""


class Hearing:
    """Each signal raises `Interrupted` while the command runs: files and locks are released as after any error.

    Before that a signal ends the process, which has done nothing yet. While the last words are being printed, the first
    signal comes too late and is ignored. The next one ends the process: its output may have no reader.
    """

    def __init__(self) -> None:
        self.heard: Interrupted | None = None
        """What was raised last. If the command still ends as usual, something has swallowed it."""
        self._runs = False
        self._ends = False
        self._before: dict[int, Any] = {}
        self._hook = sys.unraisablehook
        self._comes_again = False

    def begin(self) -> None:
        """Listen. Outside the main thread no signal arrives; what is ignored stays ignored, as a child inherits it."""
        begin()
        self._runs = True
        if threading.current_thread() is not threading.main_thread():
            return
        self._before = {number: signal.getsignal(number) for number in SIGNALS if not is_ignored(number)}
        for number in self._before:
            signal.signal(number, self._hear)
        sys.unraisablehook = self._lost

    def end(self) -> None:
        """From now on nothing is raised: what is said next is the last word."""
        self._ends = True
        self._forget()

    def leave(self) -> None:
        """As before `begin`."""
        self._forget()
        sys.unraisablehook = self._hook
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self._ends or not self._runs:
            _leave_to_the_system(SIGNALS if self._ends else (number,))
            if not self._ends:
                signal.raise_signal(number)
            return
        self.heard = Interrupted(number)
        raise self.heard

    def _lost(self, unraisable: Any) -> None:
        """An exception in a finalizer can't propagate: Python prints it and goes on. Ours is raised again soon."""
        stop = unraisable.exc_value
        if not isinstance(stop, Interrupted):
            self._hook(unraisable)
            return
        self._comes_again = True
        signal.signal(signal.SIGALRM, lambda _number, frame: self._hear(stop.signal, frame))
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)

    def _forget(self) -> None:
        """Python removes its handlers as it exits: the alarm would kill it before it has returned its exit code."""
        if self._comes_again:
            self._comes_again = False
            signal.setitimer(signal.ITIMER_REAL, 0)


def _leave_to_the_system(numbers: tuple[int, ...]) -> None:
    for number in numbers:
        if not is_ignored(number):
            signal.signal(number, signal.SIG_DFL)
