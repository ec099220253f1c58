"""Starting a thread whole: Python waits in there until it runs, and an interrupt of that would become another error."""

from __future__ import annotations

import threading

from edgegen.system.stop import held


def start(thread: threading.Thread) -> threading.Thread:
    """As its own `start`; a signal waits until it is over. Raises RuntimeError where the system has no more threads."""
    with held():
        thread.start()
    return thread
