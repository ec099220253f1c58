"""One ratio: two jobs, alternated, so that a machine that drifts drifts under both."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.bench.installed import python

Job = Callable[[], float]
"""Does its work once; gives the seconds that it took."""
ROUNDS = 9


@dataclass(frozen=True)
class Comparison:
    """What one job costs in the unit of another."""

    bar: str
    what: str
    reference: str
    most: float
    times: tuple[float, ...]
    reference_times: tuple[float, ...]
    notes: str = ""
    load: tuple[float, ...] = field(default_factory=os.getloadavg)

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return statistics.median(self.times) / statistics.median(self.reference_times)

    @property
    def ratio_of_minima(self) -> float:
        """Of the fastest runs: what a busy machine disturbs least."""
        return min(self.times) / min(self.reference_times)

    @property
    def holds(self) -> bool:
        """A bar falls short only when both ratios do."""
        return min(self.ratio, self.ratio_of_minima) <= self.most

    def as_json(self) -> dict[str, object]:
        """Everything, in seconds."""
        return asdict(self) | {"ratio": self.ratio, "ratio_of_minima": self.ratio_of_minima, "holds": self.holds}


def compare(
    bar: str, what: str, reference: str, most: float, jobs: tuple[Job, Job], *, rounds: int = ROUNDS, notes: str = ""
) -> Comparison:
    """Run both jobs in turn, after one round that warms the caches and does not count: one round tells nothing."""
    job, other = jobs
    if rounds > 1:
        job(), other()
    mine, theirs = [], []
    for _ in range(rounds):
        theirs.append(other())
        mine.append(job())
    return Comparison(bar, what, reference, most, tuple(mine), tuple(theirs), notes)


def process(argv: Sequence[str], cwd: Path, codes: Sequence[int] = (0,)) -> Job:
    """A whole process, from its start to its end. It must succeed, or end with one of these codes."""
    # Without compiled modules every start would pay for Python's own compiler; installers write them.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment.setdefault("PYTHONPYCACHEPREFIX", str(cwd / ".pycache"))

    def run() -> float:
        begin = time.perf_counter()
        done = subprocess.run(argv, cwd=cwd, env=environment, capture_output=True, check=False)
        took = time.perf_counter() - begin
        if done.returncode not in codes:
            raise RuntimeError(f"{' '.join(argv)[:200]} gave {done.returncode}: {done.stderr.decode()[-2000:]}")
        return took

    return run


def script(code: str, cwd: Path) -> Job:
    """A process of edgegen's interpreter that runs `code`."""
    return process([python(), "-c", code], cwd)


def call(work: Callable[[], object]) -> Job:
    """A call inside this process; what it made is thrown away outside the measured time.

    The collector is off for both sides of every comparison: it makes PyYAML look quadratic.
    """

    def run() -> float:
        gc.collect()
        gc.disable()
        try:
            begin = time.perf_counter()
            result = work()
            took = time.perf_counter() - begin
        finally:
            gc.enable()
        del result
        return took

    return run
