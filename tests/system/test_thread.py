"""A signal while a thread is being started is an interrupt, and the thread has started."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from edgegen.system.thread import start


def test_the_thread_that_is_given() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.set)
    assert start(thread) is thread
    assert done.wait(10)


_AT_EVERY_LINE = """
import signal, sys, threading, time
from edgegen.system.hearing import Hearing
from edgegen.system.stop import Interrupted
from edgegen.system.thread import start

def at(number):
    seen = 0
    def trace(frame, event, _):
        nonlocal seen
        if event == "line":
            seen += 1
            if seen == number:
                sys.settrace(None)
                signal.raise_signal(signal.SIGTERM)
        return trace
    return trace

def begun(number):
    ran = threading.Event()
    hearing.heard = None
    sys.settrace(at(number))
    try:
        start(threading.Thread(target=ran.set))
        while hearing.heard:  # it was lost where an object was collected, and comes again
            time.sleep(0.01)
    except Interrupted:
        return False
    finally:
        sys.settrace(None)
    assert ran.wait(10)
    return True

hearing = Hearing()
hearing.begin()
number = 1
while not begun(number):
    number += 1
hearing.leave()
print(number)
"""


@pytest.mark.slow
def test_a_signal_at_any_line_is_an_interrupt() -> None:
    assert int(subprocess.check_output([sys.executable, "-c", _AT_EVERY_LINE], timeout=60)) > 50
