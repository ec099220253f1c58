"""mypy notices a function of `dataclasses` that gets a Struct, and one of `msgspec.structs` that gets a dataclass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = """\
import dataclasses
from typing import TypeVar
from msgspec import Struct, structs

class S(Struct, frozen=True):
    x: int = 0

@dataclasses.dataclass
class D:
    x: int = 0

T = TypeVar("T", bound=S)

def some(made: S | D, bound: T, of: type[S]) -> None:
    dataclasses.replace(S(), x=1)  # wrong
    dataclasses.asdict(S())  # wrong
    dataclasses.astuple(S())  # wrong
    dataclasses.fields(S)  # wrong
    dataclasses.fields(of)  # wrong
    dataclasses.replace(made, x=1)  # wrong
    dataclasses.replace(bound, x=1)  # wrong
    structs.replace(D(), x=1)  # wrong
    structs.asdict(D())  # wrong
    dataclasses.replace(D(), x=1)
    dataclasses.asdict(D())
    dataclasses.fields(D)
    structs.replace(S(), x=1)
    structs.asdict(S())
    structs.fields(S)
"""


@pytest.mark.slow
def test_the_wrong_one_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "calls.py"
    file.write_text(CODE)
    words = ["--config-file", ROOT / "pyproject.toml", "--cache-dir", tmp_path / "cache", file]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    told = [int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line]
    assert told == [at for at, line in enumerate(CODE.splitlines(), 1) if line.endswith("# wrong")], done.stdout
