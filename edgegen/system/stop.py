"""Stopping on SIGINT or SIGTERM: the work ends between two steps and reports how far it got."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from edgegen.core.errors import OutsideError, PartialError

EXIT_CODES: dict[int, int] = {signal.SIGINT: 130, signal.SIGTERM: 143}
_LOOK_EVERY = 0.1
"""Seconds after which a wait looks whether it must end."""


class Interrupted(KeyboardInterrupt):
    """`signal` (SIGINT or SIGTERM) stopped the run. `message` says how far it got."""

    def __init__(self, number: int, message: str = "") -> None:
        super().__init__(message)
        self.signal = number
        self.message = message

    @property
    def exit_code(self) -> int:
        """130 or 143."""
        return EXIT_CODES[self.signal]


class Stop:
    """A request to stop, which the work checks between two steps; `event` is for work that waits for an event."""

    def __init__(self, event: threading.Event | None = None, heard: Callable[[], None] = lambda: None) -> None:
        """`heard` is called when a signal asks for a stop, to say that it was heard."""
        self.event = event or threading.Event()
        self._heard = heard
        self._signal: int = signal.SIGINT
        self._is_handled = False

    @property
    def exit_code(self) -> int | None:
        """130 or 143; None without a request to stop."""
        return EXIT_CODES[self._signal] if self.event.is_set() else None

    def ask(self, number: int = signal.SIGINT) -> None:
        """Stop before the next step."""
        self._signal = number
        self.event.set()

    def check(self) -> None:
        """Raises Interrupted if the run must stop."""
        if self.event.is_set():
            raise Interrupted(self._signal)

    def wait(self, seconds: float) -> None:
        """Sleeps. Raises Interrupted at most a tenth of a second after a request to stop.

        It does not wait for `event`: the handler of a signal runs on the thread that waits, would need the lock that
        this thread holds as its wait begins and ends, and both would wait for ever. Nor does a signal wake a wait that
        was about to begin.
        """
        until = time.monotonic() + seconds
        while not self.event.is_set() and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_EVERY))
        self.check()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """The first SIGINT or SIGTERM requests a stop; the second raises Interrupted at once.

        Does nothing outside the main thread, where no signal arrives.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in EXIT_CODES}
        for number in before:
            signal.signal(number, self._handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _handle(self, number: int, _frame: object) -> None:
        if self._is_handled or self.event.is_set():
            raise Interrupted(number)
        # Before the event is set: a second signal in the midst of that would wait for the lock that the first one has.
        self._is_handled = True
        self.ask(number)
        self._heard()


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """SIGINT and SIGTERM wait until what this gives is called, at the latest until the block ends.

    For what must not be cut in two: a program that has started is known to nobody before its constructor returns.
    Outside the main thread no signal arrives. Signals that are ignored stay ignored, as a child inherits that.
    """
    late: list[int] = []
    on_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in EXIT_CODES} if on_main else {}
    handled = {number: handler for number, handler in before.items() if callable(handler)}

    def release() -> None:
        while handled:
            signal.signal(*handled.popitem())
        while late:
            signal.raise_signal(late.pop(0))

    try:
        for number in tuple(handled):  # one that arrives between the two must not leave the first one deaf
            signal.signal(number, lambda number, _: late.append(number))
        yield release
    finally:
        release()


@contextmanager
def when_stopped(say: str | Callable[[], str]) -> Iterator[None]:
    """An interrupt inside carries this message to the command line, unless something further inside set a more precise
    one."""
    try:
        yield
    except (Exception, GeneratorExit, SystemExit):
        raise
    except BaseException as stop:
        if not getattr(stop, "__notes__", ()):
            stop.add_note(say if isinstance(say, str) else say())
        raise


@contextmanager
def partial_if(changed: Callable[[], object], say: Callable[[], str]) -> Iterator[None]:
    """An OutsideError after a change becomes a PartialError (exit code 5, not 4): run the command again.

    An interrupt carries `say`, as `when_stopped` has it.
    """
    try:
        with when_stopped(say):
            yield
    except OutsideError as error:
        if changed():
            raise PartialError(error.problems) from error
        raise


def words_of(stop: BaseException, otherwise: str) -> str:
    """The message of an interrupt, or of the exception raised from it."""
    for found in (stop, stop.__cause__, stop.__context__):
        if notes := getattr(found, "__notes__", ()):
            return str(notes[0])
    return otherwise
