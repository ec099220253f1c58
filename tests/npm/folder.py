"""Where a package of `packages.txt` is. `make packages` fetches all of them; one that is missing is fetched here."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def package(name: str) -> Path:
    """The folder with the package's files."""
    version = next(
        line.split()[1] for line in (HERE / "packages.txt").read_text().splitlines() if line.startswith(f"{name} ")
    )
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "edgegen-lab" / "npm" / f"{name}-{version}"
    if not folder.is_dir():
        subprocess.run(["sh", HERE / "fetch.sh", name], check=True, timeout=120)
    return folder


@cache
def locked(name: str) -> Path:
    """The folder of `node_modules` with a program and all that it depends on, as its lock file here says."""
    command = ["sh", HERE / "locked.sh", name]
    done = subprocess.run(command, check=True, timeout=300, stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip()) / "node_modules"
