"""The use case of `edgegen lint`: which files, which projects, and what the rules find in them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgegen.core.errors import UsageError
from edgegen.lint.engine import Result, lint
from edgegen.lint.model import Project
from edgegen.lint.reader.disk import FolderDisk
from edgegen.lint.reader.whole import read_files

DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""What Compose looks for, in this order."""


def projects(files: Sequence[str], together: Sequence[str], folder: Path) -> list[Project]:
    """Each folder of `files` is a project; `together` is one project, and so is what Compose would take."""
    if files:
        by_folder: dict[str, list[str]] = {}
        for name in files:
            by_folder.setdefault(os.path.dirname(name), []).append(os.path.basename(name))  # noqa: PTH119, PTH120
        return [_read(names, folder / parent) for parent, names in by_folder.items()]
    names = list(together) or [name for name in DEFAULTS if (folder / name).is_file()][:1]
    if not names:
        raise UsageError(f"there is no Compose file in {folder}", hint="name the files: `edgegen lint FILE…`")
    return [_read(names, folder)]


def _read(names: Sequence[str], folder: Path) -> Project:
    return read_files(names, FolderDisk(folder), folder=str(folder), environ=os.environ)


def found(items: Sequence[Project]) -> list[Result]:
    """The findings of all projects."""
    return [result for project in items for result in lint(project)]
