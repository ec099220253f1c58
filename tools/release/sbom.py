"""What a release consists of: a CycloneDX document of the wheel and everything that an installer puts with it today."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

FORMAT = ("--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible", "--validate")


def environment(wheel: Path, folder: Path) -> Path:
    """The interpreter of an environment that has the wheel and its dependencies, and no installer."""
    uv = [sys.executable, "-m", "uv"]
    python = folder / "bin" / "python"
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", str(python), str(wheel)], check=True)
    return python


def write_sbom(python: Path, project: Path, version: str, folder: Path) -> Path:
    """Describe an environment in a file of `folder`; the main component is what a pyproject.toml declares."""
    main, file = folder.parent / "main.toml", folder / f"edgegen-{version}.cdx.json"
    declared = tomllib.loads(project.read_text())["project"]
    # The tool takes a version only from there, and edgegen's is in another file. JSON's texts and lists are TOML's too.
    known = {key: declared[key] for key in ("name", "description", "license", "dependencies")} | {"version": version}
    main.write_text("[project]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in known.items()))
    words = [sys.executable, "-m", "cyclonedx_py", "environment", *FORMAT, "--mc-type", "application"]
    subprocess.run([*words, "--pyproject", str(main), "--output-file", str(file), str(python)], check=True)
    return file
