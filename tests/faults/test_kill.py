"""SIGKILL at every system call: each file old or new and whole, and one more run mends everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.harness import EverySyscall, Scenario
from tests.faults.scenarios import (
    FRESH,
    IN_PLACE,
    OVERWRITE,
    RENDER_FRESH,
    RENDER_LOCAL,
    RENDER_OVERWRITE,
    WIDEN,
    WIDEN_FIRST,
)

# The least number of points of each: together over 200, so that a scenario which shrinks is noticed.
LEAST = {FRESH: 70, OVERWRITE: 45, RENDER_FRESH: 50, RENDER_OVERWRITE: 40, RENDER_LOCAL: 50, WIDEN: 30}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", LEAST, ids=lambda scenario: scenario.name)
def test_a_kill_at_any_call_leaves_whole_files_and_the_next_run_completes(scenario: Scenario, tmp_path: Path) -> None:
    every = EverySyscall(scenario, tmp_path / "work")
    assert len(every.points) >= LEAST[scenario]
    # What writes is the same in all of them, and a whole render takes three times as long.
    verdict = every.kill(one_in=61 if scenario.name.startswith("render") else 19)
    print(f"{scenario.name}: {verdict.points} kill points {dict(verdict.by_syscall)}")
    assert verdict.faults == []


@pytest.mark.slow  # strace
def test_the_harness_calls_a_writer_in_place_torn(tmp_path: Path) -> None:
    verdict = EverySyscall(IN_PLACE, tmp_path / "work").kill(one_in=3)
    assert verdict.missed == []
    assert len(verdict.torn) >= verdict.points // 2


@pytest.mark.slow
def test_the_harness_sees_a_secret_that_is_widened_before_its_folder_is_closed(tmp_path: Path) -> None:
    verdict = EverySyscall(WIDEN_FIRST, tmp_path / "work").kill()
    assert verdict.missed == []
    assert len(verdict.exposed) >= 4
