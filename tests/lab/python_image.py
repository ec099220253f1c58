"""This Python as an image: the interpreter, and of its library what one script imports."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.lab.image import Image, in_place, with_shell

_SCRIPT = "/app.py"
_WHAT_IT_LOADS = """
import json, runpy, sys
runpy.run_path(sys.argv[1], run_name="imported")
print(json.dumps([file for one in list(sys.modules.values()) if (file := getattr(one, "__file__", None))]))
"""


def python_application(script: Path, port: int) -> Image:
    """An image that runs one script, which imports nothing but the standard library."""
    python = Path(sys.executable).resolve()
    files = {str(python): python, **_library(script)}
    return with_shell(
        {**in_place(python, *(path for path in files.values() if path.suffix == ".so")), **files},
        {_SCRIPT: script.read_text()},
        f"EXPOSE {port}",
        "ENV PYTHONUNBUFFERED=1",
        f'ENTRYPOINT ["{python}", "-I", "-S", "{_SCRIPT}"]',
    )


@cache
def _library(script: Path) -> dict[str, Path]:
    """The files of all modules that the script loads, at the paths where they are on this machine."""
    python = str(Path(sys.executable).resolve())
    words = [python, "-I", "-S", "-c", _WHAT_IT_LOADS, str(script)]
    loaded = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    return {file: Path(file) for file in loaded}
