"""A child's output passed on to a stream of ours as it comes, and the last of it kept: why it failed is in its end.

Where ours is a terminal, the child has one as well, so that its progress looks as it always does.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import threading
import tty
from contextlib import suppress
from types import TracebackType
from typing import Self

from edgegen.system.stop import SIGNALS
from edgegen.system.thread import start

_CHUNK = 1 << 16
_KEPT = 1 << 14
_LAST = 1.0
"""Seconds for what an ended child has left to come to its end: a grandchild may hold it open for ever."""
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
"""A colour, or a movement of the cursor."""


def _terminal() -> tuple[int, int] | None:
    """A new one, or None where the machine has no more of them, or no /dev/pts: a child works without, too."""
    with suppress(OSError):
        return os.openpty()
    return None


class Passage:
    """What is written to `theirs` arrives at the descriptor `target`."""

    def __init__(self, target: int) -> None:
        self._target = target
        terminal = _terminal() if os.isatty(target) else None
        self._is_terminal = terminal is not None
        self._ours, self.theirs = terminal or os.pipe()
        self._kept = bytearray()
        self._taken = self._arrived = 0
        self._thread = threading.Thread(target=self._carry, daemon=True)

    def __enter__(self) -> Self:
        if self._is_terminal:
            tty.setraw(self.theirs)  # a line's end stays as it is: the real terminal treats it
            self._resize()
        start(self._thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> str:
        """Wait until everything has arrived; the last of it, without colours. The child has ended, or not begun."""
        if self.theirs >= 0:
            os.close(self.theirs)
            self.theirs = -1
            self._wait()
        return _SEQUENCE.sub("", self._kept.decode("utf-8", "replace"))

    def _wait(self) -> None:
        """Until what is on the way has arrived, however slow its reader; what a grandchild adds is not waited for."""
        self._thread.join(_LAST)
        wanted = self._taken + self._unread()
        while self._thread.is_alive() and self._arrived < wanted:
            self._thread.join(_LAST)

    def _unread(self) -> int:
        count = bytearray(4)
        with suppress(OSError):  # all was read, and our end is closed
            fcntl.ioctl(self._ours, termios.FIONREAD, count)
        return int.from_bytes(count, sys.byteorder)

    def _carry(self) -> None:
        # A signal is for the main thread, which waits for the child.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        while data := self._read():
            self._taken += len(data)
            self._kept += data
            del self._kept[:-_KEPT]
            with suppress(OSError):  # who read ours has left; the child goes on
                self._pass_on(data)
            self._arrived += len(data)
        os.close(self._ours)

    def _read(self) -> bytes:
        try:
            data = os.read(self._ours, _CHUNK)
        except OSError:  # of a terminal that nobody can write to any more
            return b""
        if self._is_terminal:
            self._resize()
        return data

    def _pass_on(self, data: bytes) -> None:
        while data:
            try:
                data = data[os.write(self._target, data) :]
            except BlockingIOError:  # another program that has it too, e.g. node, set it so
                select.select((), (self._target,), ())

    def _resize(self) -> None:
        """The child has heard of a new size by a signal, as we have, and asks for it."""
        with suppress(OSError):
            size = fcntl.ioctl(self._target, termios.TIOCGWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
            fcntl.ioctl(self._ours, termios.TIOCSWINSZ, size)
