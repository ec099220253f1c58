"""`tests/npm/fetch.sh` keeps a package only if it is the one that packages.txt means."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "npm" / "fetch.sh"
NPM = """#!/bin/sh
echo "$*" >> "$CALLS"
cp "$TARBALL" ./one-1.0.0.tgz
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A copy of the script, an `npm` that brings one package, and a cache."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package/one.js").write_text("1")
    with tarfile.open(tmp_path / "one.tgz", "w:gz") as tarball:
        tarball.add(tmp_path / "package", "package")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/npm").write_text(NPM)
    (tmp_path / "bin/npm").chmod(0o755)
    shutil.copy(SCRIPT, tmp_path / "fetch.sh")
    return tmp_path


def fetched(machine: Path, sum: str, *names: str) -> subprocess.CompletedProcess[str]:
    (machine / "packages.txt").write_text(f"# a comment\n\none 1.0.0 {sum}\n")
    env = {
        "PATH": f"{machine}/bin:{os.environ['PATH']}", "XDG_CACHE_HOME": f"{machine}/cache",
        "TARBALL": f"{machine}/one.tgz", "CALLS": f"{machine}/calls",
    }  # fmt: skip
    words = ["sh", str(machine / "fetch.sh"), *names]
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=60)


def kept(machine: Path) -> list[str]:
    return sorted(str(file.relative_to(machine / "cache")) for file in (machine / "cache").rglob("*") if file.is_file())


def test_it_is_fetched_once(machine: Path) -> None:
    right = hashlib.sha256((machine / "one.tgz").read_bytes()).hexdigest()
    for _ in range(2):
        done = fetched(machine, right)
        assert (done.returncode, done.stderr) == (0, "")
    assert kept(machine) == ["edgegen-lab/npm/one-1.0.0/one.js"]
    assert (machine / "calls").read_text() == "pack --silent --ignore-scripts one@1.0.0\n"


def test_another_content_is_refused_and_nothing_stays(machine: Path) -> None:
    done = fetched(machine, "0" * 64)
    assert done.returncode != 0
    assert "one-1.0.0.tgz: FAILED" in done.stdout + done.stderr
    assert kept(machine) == []


def test_only_what_is_named_is_fetched(machine: Path) -> None:
    assert fetched(machine, "0" * 64, "other").returncode == 0
    assert not (machine / "calls").exists()
