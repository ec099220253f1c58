"""Stopping on SIGINT, SIGTERM or SIGHUP: the work ends between two steps and reports how far it got."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from edgegen.core.errors import OutsideError, PartialError, Problem

if TYPE_CHECKING:
    from types import FrameType

EXIT_CODES: dict[int, int] = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
SIGNALS = tuple(EXIT_CODES)
_LOOK_EVERY = 0.1
"""Seconds after which a wait looks whether it must end."""


class Interrupted(KeyboardInterrupt):
    """`signal` (SIGINT, SIGTERM or SIGHUP) stopped the run. `message` says how far it got."""

    def __init__(self, number: int, message: str = "") -> None:
        super().__init__(message)
        self.signal = number
        self.message = message

    @property
    def exit_code(self) -> int:
        """130, 143 or 129."""
        return EXIT_CODES[self.signal]


class Stop:
    """A request to stop, which the work checks between two steps; `event` is for work that waits for an event."""

    def __init__(self, event: threading.Event | None = None, heard: Callable[[], None] = lambda: None) -> None:
        """`heard` is called when a signal asks for a stop, to say that it was heard."""
        self.event = event or threading.Event()
        self._heard = heard
        self._signal: int = signal.SIGINT
        self._is_handled = False
        self._before: dict[int, Any] = {}
        self._listens = False

    @property
    def exit_code(self) -> int | None:
        """130, 143 or 129; None without a request to stop."""
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
        """The first signal requests a stop; the second raises Interrupted at once.

        Does nothing outside the main thread, where no signal arrives. Signals that are ignored stay ignored: so that
        `nohup` holds, and for a command in the background of a script.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._before = {number: signal.getsignal(number) for number in SIGNALS if not is_ignored(number)}
        self._listens = True
        try:
            for number in self._before:
                signal.signal(number, self._handle)
            yield
        finally:
            self._listens = False  # first: another signal may cut the next lines short
            for number, handler in self._before.items():
                signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if not self._listens:
            _pass_on(number, self._before[number], frame)
            return
        if self._is_handled or self.event.is_set():
            raise Interrupted(number)
        # Before the event is set: a second signal in the midst of that would wait for the lock that the first one has.
        self._is_handled = True
        self.ask(number)
        self._heard()


def is_ignored(number: int) -> bool:
    """Whether a signal is ignored, or left to code that is not Python's."""
    return signal.getsignal(number) in (signal.SIG_IGN, None)


def _pass_on(number: int, handler: Any, frame: FrameType | None) -> None:
    signal.signal(number, handler)
    if callable(handler):
        handler(number, frame)
    else:
        signal.raise_signal(number)


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """Signals wait until what this gives is called, at the latest until the block ends.

    For what must not be cut in two: a program that has started is known to nobody before its constructor returns.
    Outside the main thread no signal arrives. Signals that are ignored stay ignored, as a child inherits that.
    """
    late: list[int] = []
    on_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in SIGNALS} if on_main else {}
    handled = {number: handler for number, handler in before.items() if callable(handler)}

    def release() -> None:
        # One that was restored may cut this short, and the end of the block goes on with it: none may be forgotten.
        for number in tuple(handled):
            signal.signal(number, handled[number])
            del handled[number]
        while late:
            signal.raise_signal(late.pop(0))

    try:
        for number in tuple(handled):  # one that arrives between the two must not leave the first one deaf
            signal.signal(number, lambda number, _: late.append(number))
        yield release
    finally:
        release()


UNKNOWN = "it is not known how much was changed"


class _SoFar:
    """What this command has done: it stays true of an interrupt in whatever comes after that."""

    say: Callable[[], str] | None = None
    unseen: tuple[str, ...] = ()


def begin() -> None:
    """A command begins: nothing is changed yet."""
    _SoFar.say, _SoFar.unseen = None, ()


def done(say: str | Callable[[], str]) -> None:
    """From now on an interrupt says this, unless `when_stopped` has something more precise."""
    _SoFar.say = (lambda: say) if isinstance(say, str) else say


def unseen(lost: Sequence[Problem]) -> None:
    """From now on an interrupt also says what it has kept from being shown, e.g. new passwords."""
    _SoFar.unseen = tuple(f"{item.message}: {item.hint}" if item.hint else item.message for item in lost)


@contextmanager
def when_stopped(say: str | Callable[[], str]) -> Iterator[Callable[[str], None]]:
    """An interrupt inside carries this message to the command line, and one that comes later too: what was done stays
    done. Something further inside that has said more precisely what it did has the word.

    It gives a function for the end of the block: what a later interrupt says instead; with "" nothing was done.
    """
    before, ended = _SoFar.say, list[str]()
    try:
        yield ended.append
        if _SoFar.say is before and "" not in ended:  # in here: no interrupt may come between the two
            done(ended[0] if ended else say)
    except GeneratorExit:  # an interrupt between the end of the block and this
        if _SoFar.say is before:
            done(say)
        raise
    except BaseException as stop:
        if isinstance(stop, (Exception, SystemExit)) and not is_disguised(stop):
            raise
        if not getattr(stop, "__notes__", ()):
            if _SoFar.say is before:
                done(say)
            stop.add_note(so_far())
        raise


def is_disguised(error: BaseException) -> bool:
    """Whether it is an interrupt of Python's own work on a lock, which was then released without being held."""
    return type(error) is RuntimeError and isinstance(error.__context__, KeyboardInterrupt)


@contextmanager
def when_undone(say: str) -> Iterator[None]:
    """The same where an interrupt takes everything back: whatever was said inside is no longer so."""
    before = _SoFar.say
    try:
        yield
    except KeyboardInterrupt as stop:
        _SoFar.say, _SoFar.unseen = before, ()
        stop.__notes__ = [say]
        raise


def so_far() -> str:
    """What was done, "" for nothing. Finding out may need the engine: a second interrupt leaves it unknown."""
    try:
        return "; ".join([*([_SoFar.say()] if _SoFar.say else []), *_SoFar.unseen])
    except BaseException as again:
        again.add_note(UNKNOWN)
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
    """The message of an interrupt, or of the exception raised from it; else what the command has done so far."""
    for found in (stop, stop.__cause__, stop.__context__):
        if notes := getattr(found, "__notes__", ()):
            return str(notes[0])
    return so_far() or otherwise
