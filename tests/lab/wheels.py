"""Wheels of all that edgegen depends on, for installers that have no network: downloaded once for each content."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from tests.lab.parts import cache_folder

ROOT = Path(__file__).parents[2]
_UNUSED = re.compile(r"cloudflare/(?:types|resources)/(?!dns/|rules/|shared|zones/)\w+/")
"""Of its thousands of files, what no command ever loads."""


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


def thin(folder: Path) -> int:
    """Take out of the wheel of Cloudflare's SDK what edgegen never loads: four of five files of a whole installation,
    which an engine that builds an image reads and writes several times. Gives the bytes that they would take."""
    (wheel,) = folder.glob("cloudflare-*.whl")
    thinner = wheel.with_suffix(".new")
    left_out = 0
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(thinner, "w") as kept:
        for entry in whole.infolist():
            if _UNUSED.match(entry.filename):
                left_out += entry.file_size
            else:
                kept.writestr(entry, whole.read(entry))
    thinner.replace(wheel)
    return left_out


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
