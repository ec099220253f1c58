"""One worker of xdist takes a whole file: what a file makes once is not made once for each worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONGEST, SHARED_BY_FILES

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
