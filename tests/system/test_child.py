"""Waiting for a child survives an interrupt at any point."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from edgegen.system.child import has_ended, send, wait


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen(["sleep", "60"])


def test_the_end_of_a_child() -> None:
    child = subprocess.Popen(["sh", "-c", "exit 7"])
    assert wait(child) == 7
    assert (wait(child), wait(child, 1.0), has_ended(child), child.returncode) == (7, 7, True, 7)
    send(child, signal.SIGKILL)  # too late, and no error


def test_a_child_that_goes_on() -> None:
    child = sleeper()
    try:
        assert not has_ended(child)
        with pytest.raises(subprocess.TimeoutExpired):
            wait(child, 0.02)
        send(child, signal.SIGTERM)
        assert wait(child, 10.0) == -signal.SIGTERM
    finally:
        child.kill()
        child.wait()


def test_a_status_that_was_taken_already() -> None:
    child = subprocess.Popen(["true"])
    os.waitpid(child.pid, 0)
    assert wait(child, 10.0) == 0


_AT_EVERY_LINE = """
import signal, subprocess, sys
from edgegen.system.child import has_ended, send, wait
from edgegen.system.hearing import Hearing
from edgegen.system.stop import Interrupted

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

def waited(number, child):
    sys.settrace(at(number))
    try:
        wait(child, 0.01)
    except Interrupted:
        return True
    except subprocess.TimeoutExpired:
        pass
    finally:
        sys.settrace(None)
    return False

hearing = Hearing()
hearing.begin()
number, child = 1, subprocess.Popen(["sleep", "60"])
while waited(number, child):
    number += 1
send(child, signal.SIGKILL)
assert wait(child) == -signal.SIGKILL
ended, last = subprocess.Popen(["true"]), number
import os
os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
number = 1
while waited(number, ended):
    number += 1
    if ended.returncode is not None:
        ended = subprocess.Popen(["true"])
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
print(last, number)
"""


@pytest.mark.slow
def test_a_wait_after_an_interrupted_one_comes_to_its_end() -> None:
    """Popen's own would wait for ever for a lock that the interrupted one has left taken."""
    said = subprocess.check_output([sys.executable, "-c", _AT_EVERY_LINE], timeout=60, text=True)
    assert all(int(number) > 10 for number in said.split())
