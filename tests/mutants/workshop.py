"""A folder for each group of modules, where mutmut breaks copies and runs the group's tests."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.mutants.groups import Group

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "mutants"
_COPIED = ("edgegen", "tests", "templates", "examples", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile")
SEED = "edgegen"
_STATS = "mutmut-stats.json"
"""Where mutmut keeps which tests reach which functions."""


def folder_of(group: Group) -> Path:
    """Where the group's copies are; mutmut keeps its results in `mutants/` under it."""
    return FOLDER / group.name


def prepare(group: Group) -> None:
    """Copy what has changed, and write mutmut's configuration. Results of earlier runs stay."""
    folder = folder_of(group)
    folder.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        _copy(ROOT / name, folder / name)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(text + _configuration(group), encoding="utf-8")
    _take_back(folder / "mutants", group.files)


def _take_back(folder: Path, files: list[str]) -> None:
    """A module that mutmut has only copied until now looks finished to it, and as if no test reached it."""
    for file in (folder / name for name in files):
        if file.exists() and not file.with_name(f"{file.name}.meta").exists():
            file.unlink()
            (folder / _STATS).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


def _configuration(group: Group) -> str:
    """mypy is the first test: `make check` runs it, and what it refuses never lands."""
    checks = ["mypy", "--output=json", "--no-warn-unused-ignores", f"--cache-dir={FOLDER / 'mypy'}", *group.files]
    options = ["-m", "not lab and not slow", "-q", "--no-header", "-p", "no:cacheprovider"]
    options += [f"--deselect={name}" for name in group.left_out]
    return "\n".join(
        (
            "\n[tool.mutmut]",
            'source_paths = ["edgegen"]',
            f"only_mutate = {group.files}",
            f"also_copy = {list(_COPIED[1:])}",
            f"pytest_add_cli_args_test_selection = {list(group.tests)}",
            f"pytest_add_cli_args = {options}",
            f"type_check_command = {checks}",
            "timeout_multiplier = 3.0",  # of the time that a mutant's tests take by themselves; 15 is mutmut's own
            "timeout_constant = 10.0",
            "use_git_change_detection = false\n",
        )
    )


def sample(names: list[str], size: int, seed: str = SEED) -> list[str]:
    """`size` mutants by a fixed order that has nothing to do with their places; all of them where `size` is 0."""
    ordered = sorted(names, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest())
    return ordered[:size] if size else ordered


def possible(group: Group, modules: list[str]) -> dict[str, list[str]]:
    """The names of every mutant that mutmut would make of each module."""
    code = (
        "import sys; from pathlib import Path; from mutmut.mutation.file_mutation import mutate_file_contents as make\n"
        "from mutmut.utils.format_utils import get_mutant_name as name\n"
        "for f in map(Path, sys.argv[1:]):\n"
        "    print(*(name(f, item) for item in make(str(f), f.read_text()).mutant_names), sep='\\n')"
    )
    words = [sys.executable, "-c", code, *(f"{module.replace('.', '/')}.py" for module in modules)]
    done = subprocess.run(words, cwd=folder_of(group), capture_output=True, check=True, text=True)
    names = re.findall(r"^edgegen\.\S+__mutmut_\d+$", done.stdout, re.MULTILINE)
    return {module: [name for name in names if name.startswith(f"{module}.x")] for module in modules}


def run(group: Group, names: list[str], seconds: float, children: int) -> int:
    """Let mutmut try these mutants. Its exit code; it is stopped when the time is over. What it says is in `log`."""
    words = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *names]
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])  # mutmut looks for mypy there
    folder = folder_of(group)
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(words, cwd=folder, env={**os.environ, "PATH": path}, stdout=log, stderr=log) as process,
    ):
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.terminate()
            return process.wait()
