"""The wheel and the source distribution, built twice: what is released must not depend on where it was built."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Export = Callable[[Path], None]
"""Puts the source into an empty folder."""


class NotReproducibleError(Exception):
    """Two builds of one source differ."""


def build_twice(export: Export, folder: Path, epoch: int) -> list[Path]:
    """Build in two folders that have nothing in common but the source; gives the files of the first build.

    Raises NotReproducibleError if a byte differs.
    """
    first = _build(export, folder / "first", epoch, umask=0o022)
    second = _build(export, folder / "a second, longer folder", epoch, umask=0o077)
    compare(first, second)
    return first


def compare(first: list[Path], second: list[Path]) -> None:
    """Raises NotReproducibleError with the names of what differs."""
    one, other = ({path.name: digest(path) for path in files} for files in (first, second))
    if differing := sorted(name for name in {*one, *other} if one.get(name) != other.get(name)):
        raise NotReproducibleError(f"two builds of one source differ: {', '.join(differing)}")


def digest(path: Path) -> str:
    """sha256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _build(export: Export, folder: Path, epoch: int, umask: int) -> list[Path]:
    source, out = folder / "source", folder / "dist"
    before = os.umask(umask)
    try:
        source.mkdir(parents=True)
        export(source)
        words = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
        env = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
        subprocess.run(words, check=True, env=env, stdout=subprocess.DEVNULL)
    finally:
        os.umask(before)
    return sorted(out.iterdir())
