"""Whether a program that says nothing has had its turn: on a busy machine it may only be waiting for a processor."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_ASLEEP = frozenset("SI")
"""States of a thread that waits for something else than a processor or a disk."""
_PROC = Path("/proc")
_UTIME, _STIME = 11, 12
"""Places in `stat` after the name, in ticks of the clock."""


def is_at_rest(pid: int) -> bool:
    """Whether all of its threads wait for something. True where the system can't say, and of one that has ended."""
    states = [_stat(thread)[:1] for thread in _threads(pid)]
    return all(not state or state[0] in _ASLEEP for state in states)


def worked(pid: int) -> float:
    """Seconds of a processor that all of its threads have used."""
    fields = _stat(_PROC / str(pid))
    return (int(fields[_UTIME]) + int(fields[_STIME])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _threads(pid: int) -> list[Path]:
    with suppress(OSError):
        return list((_PROC / str(pid) / "task").iterdir())
    return []


def _stat(place: Path) -> list[str]:
    """Its fields from the state on: the name before them may hold anything."""
    with suppress(OSError):
        return (place / "stat").read_text(errors="replace").rpartition(")")[2].split()
    return []
