"""What the pictures without a lab show: edgegen on this machine, in a terminal of a known width."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.pictures.svg import svg
from tests.pictures.terminal import shown

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
TUTORIAL = ROOT / "tests" / "lab" / "data" / "tutorial.yml"
COLUMNS = 92
HERE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(ROOT)}


def command(*words: str) -> list[str]:
    """`edgegen WORDS` of this checkout."""
    return [sys.executable, "-m", "edgegen", *words]


def lint_project(folder: Path) -> None:
    """The stack from a tutorial, as README shows it."""
    (folder / "compose.yaml").write_text(TUTORIAL.read_text(encoding="utf-8"), encoding="utf-8")


def lint(folder: Path) -> str:
    """What lint says about the stack from a tutorial."""
    lint_project(folder)
    code, rows = shown(command("lint"), COLUMNS, env=HERE, cwd=folder)
    assert code == 1
    return svg("edgegen lint", [("edgegen lint", rows)], COLUMNS)
