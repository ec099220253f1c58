"""What git knows about the working tree."""

from __future__ import annotations

import re
import subprocess
import tarfile
from datetime import date
from io import BytesIO
from pathlib import Path

from tools.release.refusals import CHANGELOG, VERSION_FILE, State

_VERSION = re.compile(r'^__version__ = "([^"]*)"$', re.MULTILINE)
_NAMING = (".pre-commit-hooks.yaml", "README.md", "docs")
"""Where users are shown a version to copy."""


def state(root: Path, today: date) -> State:
    """The working tree as it is now."""
    found = _VERSION.search((root / VERSION_FILE).read_text())
    return State(
        version=found[1] if found else "",
        changelog=(root / CHANGELOG).read_text(),
        changed=_git(root, "status", "--porcelain").splitlines(),
        tags=_git(root, "tag", "--list").split(),
        texts={path: (root / path).read_text() for path in _git(root, "grep", "-lI", "rev: v", "--", *_NAMING).split()},
        today=today,
    )


def commit_time(root: Path) -> int:
    """When the last commit was made, in seconds: the time that everything in a release gets."""
    return int(_git(root, "log", "-1", "--format=%ct"))


def commit(root: Path) -> str:
    """The id of the last commit."""
    return _git(root, "rev-parse", "HEAD").strip()


def export(root: Path, folder: Path) -> None:
    """The files of the last commit, and nothing else, in a folder."""
    archive = subprocess.run(["git", "-C", root, "archive", "HEAD"], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True, check=False)
    if done.returncode and words[0] != "grep":  # which gives 1 where it finds nothing
        raise OSError(f"git {words[0]}: {done.stderr.strip()}")
    return done.stdout
