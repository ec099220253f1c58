"""The quick ring, `make quick`: what it leaves out, and that no test of it takes long.

A test that must take long is `slow`. Of a test with many cases `quick(n)` leaves the first n in the ring and makes the
others slow. Time is the processor's, for a loaded machine has its own clock: what a test computes itself and what the
processes use that it waited for.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

ALL_SLOW = re.compile(r"^pytestmark = .*\bpytest\.mark\.slow\b", re.MULTILINE)
"""How a file says that all its tests are slow."""
MOST = 4.0
"""CPU seconds. On a quiet machine none takes a tenth of it, most a thousandth."""
TELL = pytest.StashKey[Any]()


def is_quick(config: pytest.Config) -> bool:
    """Whether slow tests are left out of this run."""
    return "not slow" in config.option.markexpr


def is_all_slow(file: Path) -> bool:
    """Whether a file need not be imported where slow tests are left out."""
    return file.name.startswith("test_") and file.suffix == ".py" and bool(ALL_SLOW.search(file.read_text("utf-8")))


def mark_what_is_over(items: Sequence[pytest.Item]) -> None:
    """The cases of each test after its quick ones are slow."""
    seen: Counter[str] = Counter()
    for item in items:
        few = item.get_closest_marker("quick")
        if few is not None:
            test = item.nodeid.partition("[")[0]
            seen[test] += 1
            if seen[test] > few.args[0]:
                item.add_marker("slow")


def says_little(config: pytest.Config) -> bool:
    """Whether this is a worker of many: where ten thousand tests are quick, words about them are a part of the time."""
    return config.option.markexpr.startswith("not lab") and hasattr(config, "workerinput")


def run_with_few_words(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Tells of a test that passed once. xdist sends five messages, each over a pipe and through all plugins again."""
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            _tell(item.config)(report=report)


def _tell(config: pytest.Config) -> Any:
    """Without the terminal of a worker, which nobody sees."""
    tell = config.stash.get(TELL, None)
    if tell is None:
        unseen = config.pluginmanager.get_plugin("terminalreporter")
        tell = config.pluginmanager.subset_hook_caller("pytest_runtest_logreport", [unseen])
        config.stash[TELL] = tell
    return tell


def short_report(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    """Of what has passed. pytest's own looks for the line of the test, and lists all words that may choose it."""
    if call.excinfo is not None:
        return None
    where = (item.nodeid.partition("::")[0], None, item.name)
    sections = [(f"Captured {what} {when}", text) for when, what, text in item._report_sections]
    return pytest.TestReport(
        item.nodeid, where, {}, "passed", None, call.when, sections, call.duration, call.start, call.stop,
        item.user_properties,
    )  # fmt: skip


def cpu_seconds() -> float:
    """What this process and the children that it has waited for have used."""
    return sum(os.times()[:4])


def check_time(used: float) -> None:
    """Fails a test that has used too much."""
    if used > MOST:
        pytest.fail(f"{used:.1f} CPU seconds: make quick is for tests that take less. Is it `slow`?", pytrace=False)
