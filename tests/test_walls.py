"""The walls of pyproject.toml stand, and a hole in one is noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_walls_stand() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    assert "rooms from top to bottom KEPT" in done.stdout
    assert "pure rooms do no input and output KEPT" in done.stdout


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("spec/edge.py", "from edgegen.files import lock\n", "rooms from top to bottom BROKEN"),
        ("rules/uses.py", "import socket\n", "pure rooms do no input and output BROKEN"),
    ],
)
def test_a_hole_is_noticed(tmp_path: Path, room: str, line: str, broken: str) -> None:
    shutil.copytree(ROOT / "edgegen", tmp_path / "edgegen", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    file = tmp_path / "edgegen" / room
    file.write_text(file.read_text() + line)
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert broken in done.stdout, done.stdout + done.stderr


def test_every_room_is_behind_a_wall() -> None:
    """A new room stands in the layers, or nothing keeps it in its place."""
    layers = (ROOT / "pyproject.toml").read_text().partition("layers = [")[2].partition("]")[0]
    rooms = {path.parent.name for path in (ROOT / "edgegen").glob("*/__init__.py")}
    assert [room for room in sorted(rooms) if f"edgegen.{room}" not in layers] == []
