"""The git repositories around a project, and whether they track a file."""

from __future__ import annotations

import os
from pathlib import Path

from edgegen.core.errors import EdgegenError
from edgegen.lint.reader.git_index import BadIndexError, tracked_names
from edgegen.system.read import read_bounded

_LIMIT = 64 << 20
"""Bytes of an index: some 600,000 files."""
_LINK = 4096
"""Bytes of a `.git` that is a file, as a second working tree and a submodule have it."""


class Repositories:
    """Each index is read once, and only when somebody asks."""

    def __init__(self) -> None:
        self._tops: dict[Path, Path | None] = {}
        self._names: dict[Path, frozenset[bytes] | None] = {}

    def tracked(self, path: Path) -> bool | None:
        """Whether git has this file; None where it is in no repository, or the index can't be read."""
        # The folder's real path: git knows a file by it. The file itself may be a link, which git tracks as such.
        folder = Path(os.path.realpath(path.parent))
        top = self._top(folder)
        if top is None:
            return None
        if top not in self._names:
            self._names[top] = _read(top)
        names = self._names[top]
        if names is None:
            return None
        return os.fsencode((folder / path.name).relative_to(top)) in names

    def _top(self, folder: Path) -> Path | None:
        """The top of the working tree that holds a folder."""
        if folder not in self._tops:
            found = (here for here in (folder, *folder.parents) if os.path.lexists(here / ".git"))
            self._tops[folder] = next(found, None)
        return self._tops[folder]


def _read(top: Path) -> frozenset[bytes] | None:
    try:
        return tracked_names(read_bounded(_folder(top) / "index", _LIMIT))
    except (EdgegenError, BadIndexError, ValueError):
        return None


def _folder(top: Path) -> Path:
    """Git's own folder: `.git`, or where the file `.git` leads."""
    link = top / ".git"
    if link.is_dir():
        return link
    text = read_bounded(link, _LINK).decode("utf-8", "surrogateescape")
    if not text.startswith("gitdir:"):
        raise ValueError("not a link to a repository")
    return top / text.removeprefix("gitdir:").strip()
