"""What is pushed: random bytes, made while they are sent, and never whole in memory."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from typing import Any

PIECE = 64 * 1024
TRICKLE_PIECE = 1024
INTERVAL = 1.0
"""Seconds between two pieces of a slow upload."""

Heard = Callable[[float], bool]
"""Waits so many seconds for the other side to speak or to hang up; whether it did."""
Stopped = Callable[[], bool]
"""Whether the run was stopped meanwhile."""


class Noise:
    """`size` bytes that no compression makes smaller, the same for the same seed. To be sent once.

    It stops when the other side speaks before it has all of them: what it says is an error then.
    """

    def __init__(self, seed: str, size: int, heard: Heard, digest: Any = None) -> None:
        self._seed, self._size, self._heard = seed, size, heard
        self.digest = digest or hashlib.sha256()
        """Of what was sent; a digest that was passed in includes the parts before this one."""
        self.sent = 0
        self.whole = False

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        source = random.Random(self._seed)  # noqa: S311 - noise, not a secret
        self.sent, self.whole = 0, False
        while self.sent < self._size:
            if self._heard(0.0):
                return
            piece = source.randbytes(min(PIECE, self._size - self.sent))
            self.digest.update(piece)
            yield piece
            self.sent += len(piece)
        self.whole = True


class Trickle:
    """A body that takes `seconds`: one small piece at once, and one more each second.

    In a run that is stopped the rest goes out at once: a session whose request was not finished can't be cancelled.
    """

    def __init__(self, seconds: float, heard: Heard, stopped: Stopped) -> None:
        self._pauses = max(1, round(seconds / INTERVAL))
        self._pause = seconds / self._pauses
        self._heard, self._stopped = heard, stopped
        self.sent = 0
        self.whole = False

    def __len__(self) -> int:
        return (self._pauses + 1) * TRICKLE_PIECE

    def __iter__(self) -> Iterator[bytes]:
        self.sent, self.whole = 0, False
        for index in range(self._pauses + 1):
            if index and self._heard(0.0 if self._stopped() else self._pause):
                return
            yield bytes(TRICKLE_PIECE)
            self.sent += TRICKLE_PIECE
        self.whole = True
