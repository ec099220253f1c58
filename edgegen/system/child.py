"""Waiting for a child, and sending it signals, so that an interrupt at any point of it can be followed by another wait.

`Popen` has a lock inside. An exception from a signal's handler may leave it taken, and then `wait` never returns, and
`poll` never hears of the end.
"""

from __future__ import annotations

import os
import subprocess
import time
from typing import Any

from edgegen.system.stop import held

_LOOK_EVERY = 0.05
_FIRST_LOOK = 0.001

Child = subprocess.Popen[Any]


def has_ended(child: Child) -> bool:
    """As `poll`, whose answer is then in `returncode`."""
    if child.returncode is None and not _ended(child, os.WNOHANG):
        return False
    return _reaped(child)


def wait(child: Child, seconds: float | None = None) -> int:
    """As `Popen.wait`. Raises TimeoutExpired."""
    if seconds is None:
        if child.returncode is None:
            _ended(child, 0)
        _reaped(child)
        return child.returncode
    until, pause = time.monotonic() + seconds, _FIRST_LOOK
    while not has_ended(child):
        left = until - time.monotonic()
        if left <= 0:
            raise subprocess.TimeoutExpired(child.args, seconds)
        time.sleep(min(pause, left))
        pause = min(2 * pause, _LOOK_EVERY)
    return child.returncode


def send(child: Child, number: int) -> None:
    """A signal, if the child has not ended."""
    with held():
        child.send_signal(number)


def _ended(child: Child, how: int) -> bool:
    """Whether it has ended; its status stays there. With 0 as `how` this is when it has."""
    try:
        return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | how) is not None
    except ChildProcessError:  # its status was taken already, or is not kept
        return True


def _reaped(child: Child) -> bool:
    with held():
        child.wait()
    return True
