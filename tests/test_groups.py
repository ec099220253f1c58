"""One worker of xdist takes a whole file: what a file makes once is not made once for each worker."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from xdist.scheduler.loadgroup import LoadGroupScheduling

from tests.conftest import LONGEST, SHARED_BY_FILES
from tests.groups import Groups

ROOT = Path(__file__).parents[1]
FILE = "tests/core/test_redact.py"


@pytest.mark.slow
def test_a_files_tests_are_one_group() -> None:
    words = ("-m", "pytest", "-n", "1", "--dist", "loadgroup", "-v", "-k", "test_the_rest_stays", FILE)
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    lines = [line for line in done.stdout.splitlines() if "PASSED" in line]
    assert lines, done.stdout + done.stderr
    assert all(line.rstrip().endswith(f"@{FILE}") for line in lines), lines[0]


def test_the_longest_groups_are_there() -> None:
    for name in LONGEST:
        assert name in SHARED_BY_FILES or (ROOT / "tests" / f"{name}.py").is_file(), name


COLLECTED = [
    f"test_{name}.py::test_it[{case}@]@{name}"
    for name, cases in zip("abcdefgh", (5, 1, 1, 2, 9, 3, 1, 4), strict=True)
    for case in range(cases)
]
"""Tests of eight groups, named as xdist names them."""


class Worker:
    """What a scheduler knows of a worker: it keeps what it is told to run."""

    id = "gw"

    def __init__(self) -> None:
        self.shutting_down = False
        self.sent: list[int] = []
        self.gateway = self

    def send_runtest_some(self, places: Sequence[int]) -> None:
        self.sent += places

    def shutdown(self) -> None:
        self.shutting_down = True


def started(kind: type[LoadGroupScheduling], workers: list[Worker]) -> LoadGroupScheduling:
    """A scheduler that has just sent its first tests."""
    asked = {"tx": ["popen"] * len(workers)}
    scheduler = kind(SimpleNamespace(getvalue=asked.get, option=SimpleNamespace(loadscopereorder=True)))
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, COLLECTED)
    scheduler.schedule()
    return scheduler


def run(kind: type[LoadGroupScheduling], seed: int) -> list[object]:
    """All that the workers are sent and the scheduler says of itself, where tests end in an order by chance."""
    chance, workers = random.Random(seed), [Worker() for _ in range(3)]
    scheduler = started(kind, workers)
    ended, told = dict.fromkeys(workers, 0), list[object]()
    while busy := [worker for worker in workers if ended[worker] < len(worker.sent)]:
        worker = chance.choice(busy)
        scheduler.mark_test_complete(worker, worker.sent[ended[worker]])
        ended[worker] += 1
        told.append((scheduler.tests_finished, scheduler.has_pending, [list(each.sent) for each in workers]))
    return told


@pytest.mark.parametrize("seed", range(5))
def test_tests_are_sent_as_xdist_sends_them(seed: int) -> None:
    told = run(Groups, seed)
    assert told == run(LoadGroupScheduling, seed)
    assert len(told) == len(COLLECTED)


def test_what_a_lost_worker_had_goes_to_the_others() -> None:
    lost, other = workers = [Worker(), Worker()]
    scheduler = started(Groups, workers)
    scheduler.mark_test_complete(lost, lost.sent[0])
    assert scheduler.remove_node(lost) == COLLECTED[lost.sent[1]]
    for place in other.sent:  # which grows
        scheduler.mark_test_complete(other, place)
    assert sorted([lost.sent[0], *other.sent]) == list(range(len(COLLECTED)))
    assert scheduler.tests_finished
