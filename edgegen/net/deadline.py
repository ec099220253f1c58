"""A point in time by which a whole piece of work must be done, and what it means when time runs out."""

from __future__ import annotations

import math
import time

from msgspec import Struct
from msgspec.structs import replace

from edgegen.net.answer import Failure, Trouble

SHARE = 0.5
"""The part of the whole time that one answer must have had before its absence says anything."""
ENOUGH = 3.0
"""Seconds after which a connection or a handshake may be given up in any case: a lost packet was sent twice by then."""


class Deadline(Struct, frozen=True):
    """A point in time by the monotonic clock."""

    at: float
    whole: float = 0.0
    """Seconds of the whole piece of work, where earlier steps may have used up most of them. 0: not known."""

    @classmethod
    def after(cls, seconds: float, whole: float = 0.0) -> Deadline:
        """So many seconds from now."""
        return cls(time.monotonic() + seconds, whole)

    @property
    def left(self) -> float:
        """Seconds until then, not below 0."""
        return max(0.0, self.at - time.monotonic())

    def within(self, seconds: float) -> Deadline:
        """The same whole, ending after so many seconds at the latest."""
        return replace(self, at=min(self.at, time.monotonic() + seconds))

    def judged(self, failure: Failure, enough: float = math.inf) -> Failure:
        """The failure; a time-out that came too soon becomes this machine's own lack of time.

        The name look-up, the handshake and the answers before may have used up most of the whole time. Then the
        result is "could not be checked", and "no answer" would be a false alarm. `enough`: seconds that always count.
        """
        if failure.trouble is not Trouble.TIMEOUT or failure.seconds >= min(enough, self.whole * SHARE):
            return failure
        detail = f"{failure.seconds:.2g} of its {self.whole:g} s were left: see --timeout"
        return replace(failure, trouble=Trouble.LOCAL, detail=detail)
