"""Wheels of all that edgegen depends on, for installers that have no network: downloaded once for each content."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.lab.parts import cache_folder

ROOT = Path(__file__).parents[2]


def wheelhouse() -> Path:
    """A folder with the wheels for this Python. PyPI is asked only where what is declared has changed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    mark = hashlib.sha256(f"{sys.version} {wanted}".encode()).hexdigest()[:16]
    folder = cache_folder() / "wheels" / mark
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            _download(wanted, folder)
    return folder


def _download(wanted: list[str], folder: Path) -> None:
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    words = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
    ]
    subprocess.run([*words, "--dest", new, *wanted], check=True, stderr=subprocess.DEVNULL)
    new.rename(folder)
