"""What a command says when it is interrupted: a note on the way out, which the command line shows in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def when_stopped(say: str | Callable[[], str]) -> Iterator[None]:
    """SIGINT or SIGTERM inside takes these words along, unless something further inside has said more."""
    try:
        yield
    except (Exception, GeneratorExit, SystemExit):
        raise
    except BaseException as stop:
        if not getattr(stop, "__notes__", ()):
            stop.add_note(say if isinstance(say, str) else say())
        raise


def words_of(stop: BaseException, otherwise: str) -> str:
    """The note of an interrupt, or of what it was made into."""
    for found in (stop, stop.__cause__, stop.__context__):
        if notes := getattr(found, "__notes__", ()):
            return str(notes[0])
    return otherwise
