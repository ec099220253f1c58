"""What edgegen thinks of a `.dockerignore` is what the real builder does with it.

`EDGEGEN_EXAMPLES` sets how many random files are tried; 30 by default, 500 in the proof.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from edgegen.dockerignore import BadPatternError, Builder, parse, reaches_builder
from tests.lab.ground import Ground
from tests.lab.ignore_cases import Case, built, case, refusal

WANTED = int(os.environ.get("EDGEGEN_EXAMPLES") or 0)
WHOLE, SAMPLE = 500, 30
BATCH = 50
CLIENT_S_OWN = (".dockerignore", "Dockerfile")
Verdict = Callable[[Case], set[str] | None]


def by_edgegen(one: Case) -> set[str] | None:
    """The files that reach the classic builder; None where Docker can't read a pattern that it needs."""
    try:
        patterns = parse(one.ignore)
        looked_at = {path: reaches_builder(path, patterns, Builder.CLASSIC) for path in (*one.files, *CLIENT_S_OWN)}
    except BadPatternError:
        return None
    return {path for path in one.files if looked_at[path]}


def by_a_shell(one: Case) -> set[str] | None:
    """Planted: the verdict of somebody who takes the patterns for those of a shell."""
    if by_edgegen(one) is None:
        return None
    lines = [line.strip().strip("/") for line in one.ignore.decode("utf-8-sig").splitlines()]
    return {
        path for path in one.files if not any(fnmatch.fnmatch(path, line) for line in lines if line[:1] not in "#!")
    }


def differing(ground: Ground, folder: Path, seeds: range, verdict: Verdict) -> list[tuple[int, Case]]:
    """The cases in which the real builder copied something else, or was refused nothing that it should have been."""
    cases = {seed: case(seed) for seed in seeds}
    wanted = {seed: verdict(one) for seed, one in cases.items()}
    readable = [seed for seed in seeds if wanted[seed] is not None]
    different = []
    for begin in range(0, len(readable), BATCH):
        batch = readable[begin : begin + BATCH]
        (place := folder / f"batch-{begin}").mkdir(parents=True)
        copied = built(ground, [cases[seed] for seed in batch], place)
        different += [seed for seed, files in zip(batch, copied, strict=True) if files != wanted[seed]]
    for seed in seeds:
        if wanted[seed] is None:
            (place := folder / f"refused-{seed}").mkdir(parents=True)
            if "pattern" not in refusal(ground, cases[seed], place):
                different.append(seed)
    return [(seed, cases[seed]) for seed in different]


def test_random_files_mean_what_the_real_builder_does(ground: Ground, tmp_path: Path, proof: bool) -> None:
    count = WANTED or (WHOLE if proof else SAMPLE)
    assert differing(ground, tmp_path, range(count), by_edgegen) == []


def test_another_reading_is_noticed(ground: Ground, tmp_path: Path) -> None:
    assert len(differing(ground, tmp_path, range(20), by_a_shell)) > 5


@pytest.mark.parametrize("seeds", [range(500)])
def test_the_cases_are_worth_trying(seeds: range) -> None:
    """Each way of ending is there: all files sent, none, some; an exception that counts; a pattern nobody can read."""
    verdicts = [by_edgegen(one) for one in map(case, seeds)]
    some = [v for one, v in zip(map(case, seeds), verdicts, strict=True) if v and v != set(one.files)]
    assert len(some) > 100
    assert verdicts.count(set()) > 20
    assert 0 < verdicts.count(None) < 100
    without = [by_edgegen(Case(one.files, one.ignore.replace(b"!", b"#"))) for one in map(case, seeds)]
    assert sum(a != b for a, b in zip(verdicts, without, strict=True)) > 30
