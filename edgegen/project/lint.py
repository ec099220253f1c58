"""The use case of `edgegen lint`: which files, which projects, and what the rules find in them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgegen.core.errors import UsageError
from edgegen.lint.engine import Result, lint
from edgegen.lint.model import Project
from edgegen.lint.reader.disk import FolderDisk
from edgegen.lint.reader.selection import Selected, named, one, taken
from edgegen.lint.reader.whole import read_files


def projects(files: Sequence[str], together: Sequence[str], folder: Path) -> list[Project]:
    """`together` is one project; each of `files` is one as `selection` groups them; else what Compose would take.

    Names are relative to `folder`, and are shown as the user wrote them.
    """
    selected = [one(together)] if together else named(files, folder) if files else taken(folder, os.environ)
    if not selected:
        raise UsageError(f"there is no Compose file in {folder}", hint="name the files: `edgegen lint FILE…`")
    return [_read(item, folder) for item in selected]


def _read(item: Selected, here: Path) -> Project:
    folder = here / item.folder
    shown = os.path.normpath(folder) if item.folder or here != Path() else ""
    return read_files(item.names, FolderDisk(folder, shown), folder=str(folder), environ=os.environ)


def found(items: Sequence[Project]) -> list[Result]:
    """The findings of all projects."""
    results: dict[tuple[object, ...], Result] = {}
    for project in items:
        for result in lint(project):
            # A file that two projects share has its faults once.
            results.setdefault((result.finding.id, result.finding.where, result.finding.message), result)
    return list(results.values())
