"""Waiting for what a swarm or an engine does in the background: nothing announces it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def until(what: str, found: Callable[[], Found], seconds: float = 120) -> Found:
    """The first answer that is not empty."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.2)
    return answer
