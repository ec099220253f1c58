"""Talking to a running program: requests to its input, lines of answer, each within a deadline."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from contextlib import suppress

from edgegen.core.errors import BugError, OutsideError
from edgegen.deploy.terminal_text import tail
from edgegen.system.child import wait

_CHUNK = 1 << 16
_MOST_BYTES = 32 << 20
"""Bytes of answers that are not read yet: more means that the program isn't the one we think."""
_LAST_WORDS = 5.0
"""Seconds for a program that has closed its output to end."""
_LAST = 1 << 14
"""Bytes of stderr that are kept, the last ones."""


class Dialogue:
    """The pipes of a child. Raises OutsideError when it ends, or does not answer in time."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        if child.stdin is None or child.stdout is None or child.stderr is None:
            raise BugError("a conversation needs all three pipes")
        self._in, self._out, self._err = child.stdin, child.stdout, child.stderr
        self._answers, self._said, self._to_send = bytearray(), bytearray(), bytearray()
        self._selector = selectors.DefaultSelector()
        for stream in (self._in, self._out, self._err):
            os.set_blocking(stream.fileno(), False)
        for stream in (self._out, self._err):
            self._selector.register(stream, selectors.EVENT_READ)

    def send(self, data: bytes, seconds: float) -> None:
        """Write all of it; answers that arrive meanwhile are kept."""
        self._to_send += data
        deadline = time.monotonic() + seconds
        self._selector.register(self._in, selectors.EVENT_WRITE)
        try:
            while self._to_send:
                self._turn(deadline)
        finally:
            self._selector.unregister(self._in)

    def line(self, seconds: float) -> str:
        """The next line of the answer, without its end."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._answers:
            self._turn(deadline)
        end = self._answers.index(b"\n")
        found = bytes(self._answers[:end])
        del self._answers[: end + 1]
        return found.decode("utf-8", "replace")

    def said(self) -> str:
        """The last of what the program wrote to stderr."""
        return tail(self._said.decode("utf-8", "replace"), 2)

    def _turn(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        ready = self._selector.select(max(0.0, left))
        if not ready and left <= 0:
            raise OutsideError("the other host does not answer any more", hint="is the network down, or the host busy?")
        for key, _ in ready:
            if key.fileobj is self._in:
                self._write()
            else:
                self._read(key.fd, is_answer=key.fileobj is self._out)

    def _write(self) -> None:
        try:
            del self._to_send[: os.write(self._in.fileno(), self._to_send[:_CHUNK])]
        except BlockingIOError:
            return
        except BrokenPipeError:
            while data := _available(self._out.fileno()):  # what it said before it ended is the reason
                self._answers += data
            raise self._ended() from None

    def _read(self, descriptor: int, *, is_answer: bool) -> None:
        data = os.read(descriptor, _CHUNK)
        if not is_answer:
            self._said += data
            del self._said[:-_LAST]
            if not data:
                self._selector.unregister(self._err)
            return
        self._answers += data
        if not data:
            raise self._ended()
        if len(self._answers) > _MOST_BYTES:
            raise OutsideError("the other host does not stop answering", hint="what does its `sh` print?")

    def _ended(self) -> EndedError:
        with suppress(subprocess.TimeoutExpired):
            wait(self._child, _LAST_WORDS)
        while data := _available(self._err.fileno()):
            self._said += data
        said = self.said()
        return EndedError(f"the connection ended{f': {said}' if said else ''}", bytes(self._answers))


class EndedError(OutsideError):
    """The program ended. `rest` are its last answers, which nobody has read yet."""

    def __init__(self, message: str, rest: bytes) -> None:
        super().__init__(message)
        self.rest = rest.decode("utf-8", "replace").splitlines()


def _available(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except BlockingIOError:
        return b""
