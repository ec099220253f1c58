"""Where tests of the lab are: its own folder, and the files that mark some of theirs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
LAB = TESTS / "lab"
_MARK = re.compile(rb"\bmark\.lab\b")


@cache
def lab_places() -> tuple[Path, ...]:
    """What `pytest -m lab` has to read; the conftest refuses a test of the lab anywhere else."""
    files = (path for path in sorted(TESTS.rglob("test_*.py")) if LAB not in path.parents)
    return LAB, *(path for path in files if _MARK.search(path.read_bytes()))


def is_found(path: Path) -> bool:
    """Whether this file is read for the lab."""
    return LAB in path.parents or path in lab_places()
