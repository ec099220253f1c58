"""What `make quick` leaves out, and that it notices a test that takes long: planted tests, in a pytest of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
PLANTED = {
    "test_takes_long.py": f"""\
import subprocess, sys, time
import pytest
from tests import ring

BURN = {BURN!r}
ring.MOST = 0.2

@pytest.fixture
def slow_to_make():
    exec(BURN.replace("< 0.3", f"< {{time.process_time() + 0.3}}"))

def test_computes():
    exec(BURN.replace("< 0.3", f"< {{time.process_time() + 0.3}}"))

def test_has_a_fixture(slow_to_make):
    pass

def test_waits_for_a_process():
    subprocess.run([sys.executable, "-c", BURN], check=True)

def test_has_a_busy_machine():
    time.sleep(1)
""",
    "test_cases.py": """\
import pytest

@pytest.mark.quick(2)
@pytest.mark.parametrize("case", range(5))
def test_has_cases(case):
    pass

@pytest.mark.slow
def test_is_slow():
    pass

def test_is_not():
    pass
""",
    "test_all_slow.py": "import pytest\npytestmark = pytest.mark.slow\n\ndef test_of_a_slow_file():\n    pass\n",
}
QUICK = ("-m", "not lab and not slow")


def outcomes(folder: Path, *words: str) -> list[tuple[str, str]]:
    """The results of a pytest that has the planted files and this folder's conftest, in order."""
    for name, text in PLANTED.items():
        (folder / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "tests.conftest", *words]
    done = subprocess.run(
        [*command, "-c", ROOT / "pyproject.toml", folder],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    found = re.findall(
        r"^\S*::(test_\w+)\S* (PASSED|FAILED|ERROR)|(PASSED|FAILED|ERROR) \S*::(test_\w+)", done.stdout, re.M
    )
    return sorted((name or later, result or before) for name, result, before, later in found)


FAST = [("test_has_cases", "PASSED")] * 2 + [("test_is_not", "PASSED")]


@pytest.mark.slow
@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "1", "--dist", "loadgroup")])
def test_a_test_that_takes_long_is_an_error_of_the_quick_ring(tmp_path: Path, workers: tuple[str, ...]) -> None:
    found = outcomes(tmp_path, *QUICK, *workers)
    long = {name for name, result in found if result == "ERROR"}
    assert long == {"test_computes", "test_has_a_fixture", "test_waits_for_a_process"}
    assert [(name, result) for name, result in found if name not in long] == [
        ("test_has_a_busy_machine", "PASSED"),
        *FAST,
    ]


@pytest.mark.slow
def test_all_tests_are_there_without_it(tmp_path: Path) -> None:
    names = [
        "computes",
        "has_a_busy_machine",
        "has_a_fixture",
        *["has_cases"] * 5,
        "is_not",
        "is_slow",
        "of_a_slow_file",
    ]
    expected = [(f"test_{name}", "PASSED") for name in [*names, "waits_for_a_process"]]
    assert outcomes(tmp_path, "-p", "no:xdist") == expected
