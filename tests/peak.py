"""The most memory that a process of ours ever held, whatever started it.

A child begins with the memory of whom it was forked from, and the kernel counts that too (`ru_maxrss`): a test session
of 300 MB would be all that its small children ever show. So a small process starts the one that is measured.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

_LAUNCHER = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""


def measured(argv: Sequence[str], into: Path) -> list[str]:
    """A command that does the same, gives the same exit code, and leaves its peak in a file for `megabytes`."""
    return [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(into), *argv]


def megabytes(of: Path) -> float:
    """The peak of a process that has ended."""
    return int(of.read_text()) / 1024  # the kernel counts KiB
