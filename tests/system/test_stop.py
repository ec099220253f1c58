"""Signals that are held wait, and none is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from edgegen.system.stop import Interrupted, Stop, held


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """What a handler of ours gets."""
    numbers: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number in before:
        signal.signal(number, lambda number, _: numbers.append(number))
    yield numbers
    for number, handler in before.items():
        signal.signal(number, handler)


def test_signals_wait_for_the_release(heard: list[int]) -> None:
    with held() as release:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        assert heard == []
        release()
        assert heard == [signal.SIGTERM, signal.SIGINT]
        signal.raise_signal(signal.SIGINT)
        assert len(heard) == 3
    assert len(heard) == 3


def test_the_end_of_the_block_releases_them(heard: list[int]) -> None:
    with pytest.raises(ValueError, match="inside"), held():
        signal.raise_signal(signal.SIGINT)
        raise ValueError("inside")
    assert heard == [signal.SIGINT]


def test_one_that_arrives_before_all_are_held_is_not_the_last(
    heard: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = signal.signal, []

    def hurried(number: int, handler: object) -> object:
        calls.append(number)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(number, handler)  # type: ignore[arg-type]  # whatever it was given

    monkeypatch.setattr(signal, "signal", hurried)
    with pytest.raises(KeyboardInterrupt), held():
        pytest.fail("the block has begun")
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGINT, signal.SIGTERM]


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with held():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_hold_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def hold() -> None:
        with held():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert seen == [before]


def test_a_wait_leaves_ignored_what_is_ignored() -> None:
    """`nohup edgegen verify --wait 1h &` goes on when its terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop = Stop()
    try:
        with stop.on_signals():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert stop.exit_code is None
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_the_first_asks_and_the_second_interrupts(heard: list[int], number: int, code: int) -> None:
    stop = Stop()
    with pytest.raises(Interrupted), stop.on_signals():
        signal.raise_signal(number)
        assert stop.exit_code == code
        signal.raise_signal(number)
    assert heard == []


def test_a_handler_that_could_not_be_restored_passes_its_signal_on(
    heard: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal cuts the end of the block short. The next one must not be taken for a request that nobody reads."""
    real, stop = signal.signal, Stop()

    def cut(number: int, handler: object) -> object:
        monkeypatch.setattr(signal, "signal", real)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), stop.on_signals():
        monkeypatch.setattr(signal, "signal", cut)
    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM]
    assert not stop.event.is_set()


def test_a_release_that_is_cut_short_is_finished(heard: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = signal.signal, []

    def cut(number: int, handler: object) -> object:
        calls.append(number)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(number, handler)  # type: ignore[arg-type]  # whatever it was given

    with pytest.raises(KeyboardInterrupt), held() as release:
        signal.raise_signal(signal.SIGTERM)
        monkeypatch.setattr(signal, "signal", cut)
        release()
    assert heard == [signal.SIGTERM]
    signal.raise_signal(signal.SIGINT)
    assert heard == [signal.SIGTERM, signal.SIGINT]


_AT_EVERY_LINE = """
import signal, sys, threading
from edgegen.system.stop import Interrupted, Stop

def at(number):
    seen = 0
    def trace(frame, event, _):
        nonlocal seen
        if event == "line":
            seen += 1
            if seen == number:
                signal.raise_signal(signal.SIGTERM)
        return trace
    return trace

def waited(number):
    stop = Stop()
    with stop.on_signals():
        sys.settrace(at(number))
        try:
            stop.wait(0.3)
        except Interrupted:
            return True
        finally:
            sys.settrace(None)
    return False

number = 1
while waited(number):
    number += 1
print(number)
"""


_SECOND_AT_EVERY_LINE = """
import signal, sys
from edgegen.system.stop import Interrupted, Stop

def heard(number):
    seen = 0
    def trace(frame, event, _):
        nonlocal seen
        if event == "line":
            seen += 1
            if seen == number:
                signal.raise_signal(signal.SIGTERM)
        return trace
    stop = Stop()
    with stop.on_signals():
        sys.settrace(trace)
        try:
            signal.raise_signal(signal.SIGINT)
        except Interrupted:
            pass
        finally:
            sys.settrace(None)
    assert stop.event.is_set() or seen == number
    return seen >= number

number = 1
while heard(number):
    number += 1
print(number)
"""


@pytest.mark.slow
def test_a_second_signal_at_any_point_of_the_first_ones_handler_is_heard() -> None:
    """The second handler must not wait for a lock that the first one holds."""
    assert int(subprocess.check_output([sys.executable, "-c", _SECOND_AT_EVERY_LINE], timeout=60)) > 8


@pytest.mark.slow
def test_a_signal_at_any_point_of_a_wait_ends_it() -> None:
    """The handler must not need a lock that the thread it interrupts holds: the run would hang, deaf to any signal."""
    assert int(subprocess.check_output([sys.executable, "-c", _AT_EVERY_LINE], timeout=60)) > 5
