"""Reading a child's outputs to the end, within a limit of bytes and of time."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from typing import IO

from edgegen.system.child import has_ended, wait

_CHUNK = 1 << 16
_TICK = 0.2
"""After these seconds without a byte, the outputs of an ended child count as read: a grandchild may hold them open."""
_LAST = 1 << 16
"""Bytes of stderr that are kept, the last ones: only a few lines of them are shown."""


class TooMuchError(Exception):
    """The child printed more than the limit. It is still running."""


class Pump:
    """Moves bytes to and from a child that was started with pipes."""

    def __init__(self, child: subprocess.Popen[bytes], given: bytes, most: int, timeout: float | None) -> None:
        self._child = child
        self._given = memoryview(given)
        self._most = most
        self._timeout = timeout
        self._until = None if timeout is None else time.monotonic() + timeout
        self._out = bytearray()
        self._err = bytearray()

    def run(self) -> tuple[bytes, bytes]:
        """Wait for the end; gives stdout and the last of stderr.

        Raises subprocess.TimeoutExpired and TooMuchError; the child is then still running.
        """
        with selectors.DefaultSelector() as selector:
            self._register(selector)
            while selector.get_map():
                left = self._left()
                ready = selector.select(_TICK if left is None else min(_TICK, left))
                for key, _ in ready:
                    self._move(selector, key.fileobj)
                if not ready and has_ended(self._child):
                    break
        wait(self._child, self._left())
        return bytes(self._out), bytes(self._err)

    def _register(self, selector: selectors.BaseSelector) -> None:
        for stream in (self._child.stdout, self._child.stderr):
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ)
        if self._child.stdin is not None:
            os.set_blocking(self._child.stdin.fileno(), False)
            selector.register(self._child.stdin, selectors.EVENT_WRITE)

    def _move(self, selector: selectors.BaseSelector, stream: object) -> None:
        pipe: IO[bytes] = stream  # type: ignore[assignment]  # all of them are the child's own pipes
        done = self._write(pipe) if pipe is self._child.stdin else self._read(pipe)
        if done:
            selector.unregister(pipe)
            pipe.close()

    def _write(self, pipe: IO[bytes]) -> bool:
        """Whether everything is written. A child that has closed its input doesn't want more."""
        try:
            self._given = self._given[os.write(pipe.fileno(), self._given[:_CHUNK]) :] if self._given else self._given
        except BrokenPipeError:
            return True
        return not self._given

    def _read(self, pipe: IO[bytes]) -> bool:
        data = os.read(pipe.fileno(), _CHUNK)
        if pipe is self._child.stdout:
            self._out += data
            if len(self._out) > self._most:
                raise TooMuchError
        else:
            self._err += data
            del self._err[:-_LAST]
        return not data

    def _left(self) -> float | None:
        """Seconds that are left. Raises TimeoutExpired if there are none."""
        if self._until is None:
            return None
        left = self._until - time.monotonic()
        if left <= 0:
            raise subprocess.TimeoutExpired(self._child.args, self._timeout or 0)
        return left
