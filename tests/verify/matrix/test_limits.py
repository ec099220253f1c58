"""What a run may take, whatever the other side does: time, memory, and a thousand hosts at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.peak import measured, megabytes
from tests.sizes import sized
from tests.verify.matrix.ground import Ground
from tests.verify.matrix.table import ROWS, TARPIT_SECONDS, Run
from tests.verify.world import FAULTS, TARPITS, hosts, kind_of, world

pytestmark = pytest.mark.slow

MOST_MEGABYTES = 150
TARGETS = sized(200, 1000)
FLOODS = "Endless body / 1 GB header / 10^4 headers / gzip bomb"


@dataclass(frozen=True)
class Child:
    """What a process did, how long it took, and the most memory that it held."""

    code: int
    report: dict[str, Any]
    seconds: float
    megabytes: float


def child(folder: Path, *words: str) -> Child:
    """`edgegen verify … --json` in a process of its own."""
    begun = time.monotonic()
    with (folder / "child.out").open("w+b") as out, (folder / "child.err").open("w+b") as err:
        done = subprocess.run(
            measured([sys.executable, "-m", "edgegen", "verify", "--json", *words], folder / "child.peak"),
            cwd=folder, stdout=out, stderr=err, env={**os.environ, "HOME": str(folder)}, check=False,
        )  # fmt: skip
    seconds = time.monotonic() - begun
    assert (folder / "child.err").read_text() == ""
    report = json.loads((folder / "child.out").read_text())
    return Child(done.returncode, report, seconds, megabytes(folder / "child.peak"))


def places(matrix: Ground, fault: str = "", run: Run | None = None) -> list[str]:
    """The words for the hosts of one row, or of one kind of run."""
    chosen = [case for row in ROWS for case in row.cases if row.fault == fault or case.run is run]
    return [matrix.places[f"{case.label}.{case.zone}"].word for case in chosen]


def test_floods_stay_outside(matrix: Ground) -> None:
    """Endless bodies, a header of a gigabyte, a bomb: all at once."""
    done = child(matrix.folder, *places(matrix, FLOODS), *Run.PLAIN.options(matrix))
    assert done.code == 1
    assert done.megabytes < MOST_MEGABYTES
    assert done.seconds < 60


@pytest.mark.parametrize("seconds", [1, 6])
def test_a_tarpit_ends_at_its_deadline(matrix: Ground, seconds: int) -> None:
    """Each for itself, and so all of them together: a deadline is a total."""
    asked = places(matrix, run=Run.TARPIT)
    assert seconds != TARPIT_SECONDS
    done = child(matrix.folder, *asked, *matrix.options(), "--timeout", str(seconds))
    took = {item["subject"]: item["seconds"] for item in done.report["endpoints"]}
    assert len(took) == len(asked)
    # Never early; late by what a machine takes on which the lab runs, too. One after the other, two would take 12.
    assert all(-0.5 <= own - seconds <= 5 for own in took.values()), took
    assert -0.5 <= done.report["seconds"] - seconds <= 5


@pytest.mark.slow
def test_a_thousand_targets(tmp_path: Path) -> None:
    """50 faults and 10 tarpits among good ones, 64 at once, in an order of their own. The thousand are of the proof.

    Every tenth good one has a long page, which nobody keeps.
    """
    faulty = [name for kind in FAULTS for name in hosts(kind, 5)][:50]
    tarpits = [name for kind in TARPITS for name in hosts(kind, 5)]
    count = TARGETS - len(faulty) - len(tarpits)
    good = [
        long if turn % 10 == 0 else name
        for turn, (name, long) in enumerate(zip(hosts("good", count), hosts("long", count), strict=True))
    ]
    step = len(good) // (len(faulty) + len(tarpits))
    names = list(good)
    for number, name in enumerate([*tarpits, *faulty]):
        names.insert(number * (step + 1), name)
    with world(tmp_path) as here:
        (tmp_path / "edge.yaml").write_text(here.spec(names))
        done = child(tmp_path, *here.options)
    assert done.code == 1
    assert done.seconds <= 120  # an eighth of it alone on the machine
    assert done.megabytes < MOST_MEGABYTES
    assert [item["url"] for item in done.report["endpoints"]] == [f"https://{name}:{here.https}/" for name in names]
    bad = {item["subject"] for item in done.report["findings"] if item["outcome"] == "fail"}
    assert {name.rpartition(":")[0] for name in bad} == {*faulty, *tarpits}
    told = {(item["subject"].rpartition(":")[0], item["verdict"]) for item in done.report["findings"]}
    assert all((name, {**FAULTS, **TARPITS}[kind_of(name)]) in told for name in (*faulty, *tarpits))
