"""Whether a Traefik that says nothing waits for a processor: on a busy machine silence alone means little."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ENOUGH = 20
"""Ticks, a fifth of a second. One that makes a key is never at rest, and says what it has to say meanwhile."""
_STATE, _UTIME, _STIME = 0, 11, 12


def used(pid: int) -> int:
    """Ticks of the processor that it has had."""
    return sum(int(fields[_UTIME]) + int(fields[_STIME]) for fields in _threads(pid))


def is_due(pid: int, since: int) -> bool:
    """Whether one of its threads is ready to run, and it has had hardly any processor: `since` is what it had used."""
    return any(fields[_STATE] == "R" for fields in _threads(pid)) and used(pid) - since < ENOUGH


def _threads(pid: int) -> Iterator[list[str]]:
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(OSError):
            yield (thread / "stat").read_text().rpartition(")")[2].split()
