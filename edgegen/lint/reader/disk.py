"""The project's folder: the real one, or a dictionary of texts for tests and for what is not written yet."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from edgegen.core.errors import EdgegenError
from edgegen.lint.reader.repository import Repositories
from edgegen.system.read import read_bounded

LIMIT = 4 << 20
"""Bytes of one file."""


class FolderDisk:
    """A folder of this machine. Paths are relative to it, or absolute. See `edgegen.lint.model.Disk`."""

    def __init__(self, folder: Path, shown: str = "") -> None:
        self.folder = folder
        self._repositories = Repositories()
        self._shown = shown
        """How the user names the folder, where it is not the working directory."""

    def shown(self, path: str) -> str:
        """The path as the user would name it."""
        return os.path.normpath(os.path.join(self._shown, path))  # noqa: PTH118  # the user's text, not a place

    def kind(self, path: str) -> str:
        """`file`, `folder`, `none`, or `unknown`."""
        mode = self._stat(path)
        if isinstance(mode, str):
            return mode
        return "folder" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "unknown"

    def mode(self, path: str) -> int | None:
        """The permission bits; None where there is nothing."""
        mode = self._stat(path)
        return None if isinstance(mode, str) else stat.S_IMODE(mode)

    def tracked(self, path: str) -> bool | None:
        """Whether git has it; None where there is no repository, or its index can't be read."""
        try:
            return self._repositories.tracked(self._path(path))
        except (OSError, ValueError):
            return None

    def read(self, path: str, limit: int = LIMIT) -> bytes | None:
        """The bytes of a regular file; None where it can't be read."""
        try:
            return read_bounded(self._path(path), limit)
        except EdgegenError:
            return None

    def listing(self, path: str) -> Iterable[str]:
        """Names in a folder, sorted."""
        try:
            return sorted(os.listdir(self._path(path)))  # noqa: PTH208  # names, not paths
        except OSError:
            return ()

    def _path(self, path: str) -> Path:
        return self.folder / (os.path.expanduser(path) if path.startswith("~") else path)  # noqa: PTH111  # as Compose

    def _stat(self, path: str) -> int | str:
        try:
            return self._path(path).stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return "none"
        except (OSError, ValueError):
            return "unknown"


class TextDisk:
    """Files that only exist as texts: path -> content."""

    def __init__(self, files: Mapping[str, str | bytes], modes: Mapping[str, int] | None = None,
                 tracked: Iterable[str] | None = None) -> None:  # fmt: skip
        self._files = {os.path.normpath(name): text for name, text in files.items()}
        self._modes = dict(modes or {})
        self._tracked = None if tracked is None else frozenset(tracked)

    def shown(self, path: str) -> str:
        """The path itself."""
        return os.path.normpath(path)

    def kind(self, path: str) -> str:
        """`file`, `folder`, or `none`."""
        path = os.path.normpath(path)
        if path in self._files:
            return "file"
        return "folder" if path == "." or any(name.startswith(path + "/") for name in self._files) else "none"

    def mode(self, path: str) -> int | None:
        """The permission bits; None where there is nothing."""
        path = os.path.normpath(path)
        return self._modes.get(path, None if self.kind(path) == "none" else 0o644)

    def tracked(self, path: str) -> bool | None:
        """Whether git has it; None where there is no repository."""
        return None if self._tracked is None else os.path.normpath(path) in self._tracked

    def read(self, path: str, limit: int = LIMIT) -> bytes | None:  # noqa: ARG002  # they are in memory already
        """The bytes of a file."""
        found = self._files.get(os.path.normpath(path))
        return found.encode() if isinstance(found, str) else found

    def listing(self, path: str) -> Iterable[str]:
        """Names in a folder, sorted."""
        path = os.path.normpath(path)
        start = "" if path == "." else path + "/"
        return sorted({name[len(start) :].split("/")[0] for name in self._files if name.startswith(start)})
