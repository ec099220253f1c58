"""How much memory a process takes at its peak."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.peak import measured, megabytes


@dataclass(frozen=True)
class Peak:
    """The most resident memory of several runs of one command, in megabytes."""

    bar: str
    what: str
    most: float
    megabytes: tuple[float, ...]
    load: tuple[float, ...] = field(default_factory=os.getloadavg)

    @property
    def holds(self) -> bool:
        """It falls short when any run does."""
        return max(self.megabytes) <= self.most

    def as_json(self) -> dict[str, object]:
        """Everything."""
        return asdict(self) | {"holds": self.holds}


def peak(bar: str, what: str, most: float, argv: Sequence[str], cwd: Path, *, rounds: int = 3) -> Peak:
    """Run a command so many times, each to the end. It must succeed."""
    return Peak(bar, what, most, tuple(_megabytes(argv, cwd) for _ in range(rounds)))


def _megabytes(argv: Sequence[str], cwd: Path) -> float:
    said = cwd / "peak.txt"
    done = subprocess.run(measured(argv, said), cwd=cwd, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)[:200]} gave {done.returncode}: {done.stderr.decode()[-2000:]}")
    return megabytes(said)
