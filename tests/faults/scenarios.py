"""The projects and commands that the fault tests run."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.faults.harness import STORE, Scenario, run

HERE = Path(__file__).parent
CERTIFICATES = b'{"le": {"Certificates": ["kept for ever"]}}'


def write_once(project: Path, variant: str) -> list[str]:
    """The command that writes one generation of outputs."""
    return [sys.executable, str(HERE / "write_once.py"), str(project), variant]


def write_in_place(project: Path) -> list[str]:
    """The planted fault."""
    return [sys.executable, str(HERE / "write_in_place.py"), str(project)]


def nothing_yet(project: Path) -> None:
    """A project in which nothing was rendered."""
    (project / "edge.yaml").write_text("name: test\n")


def in_use(project: Path) -> None:
    """A project with an older generation, certificates, and a file of somebody else."""
    nothing_yet(project)
    assert run(write_once(project, "fresh")).returncode == 0
    (project / STORE).write_bytes(CERTIFICATES)
    (project / "notes.txt").write_text("somebody else's\n")


def two_old_files(project: Path) -> None:
    """What the planted fault overwrites."""
    for name in ("docker-compose.yml", "stack.yml"):
        (project / name).write_text("old\n")


FRESH = Scenario("fresh", nothing_yet, lambda project: write_once(project, "fresh"))
OVERWRITE = Scenario("overwrite", in_use, lambda project: write_once(project, "next"))
IN_PLACE = Scenario("in place", two_old_files, write_in_place)
