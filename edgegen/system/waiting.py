"""What is waited for, in words. Rooms that wait say it here; the command line shows it. As a library, nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

Show = Callable[[str], AbstractContextManager[None]]
Missing = Callable[[str, float], None]
"""(what is still missing, seconds left to wait for it)."""
Count = Callable[[], AbstractContextManager[Missing]]


@contextmanager
def _unseen() -> Iterator[Missing]:
    yield lambda _words, _left: None


class _Shown:
    by: Show = staticmethod(lambda _words: nullcontext())
    counted: Count = staticmethod(_unseen)


def waiting_for(words: str) -> AbstractContextManager[None]:
    """Says, for as long as the block runs, what is waited for: `asking api.example.net for the records of a.org`."""
    return _Shown.by(words)


def waiting_until() -> AbstractContextManager[Missing]:
    """The same for something that may need minutes: gives a function that says what is missing, and the time left."""
    return _Shown.counted()


def shown_by(show: Show, count: Count) -> None:
    """Let these show what is waited for from now on."""
    _Shown.by = staticmethod(show)
    _Shown.counted = staticmethod(count)
