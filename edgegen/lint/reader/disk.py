"""The project's folder on this machine."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from edgegen.core.errors import EdgegenError
from edgegen.lint.reader.repository import Repositories
from edgegen.system.read import read_bounded

LIMIT = 4 << 20
"""Bytes of one file."""


_LARGEST = 8 << 20
"""Bytes of the largest file that anybody asks for."""
Reads = dict[str, bytes | None]
"""Absolute path -> what was read there: a file that changes meanwhile is the same for everyone who asks."""


class FolderDisk:
    """A folder of this machine. Paths are relative to it, or absolute. See `edgegen.lint.model.Disk`.

    Each file is read once, also by several disks that share their `reads`.
    """

    def __init__(
        self, folder: Path, shown: str = "", contents: Mapping[str, bytes] | None = None, reads: Reads | None = None
    ) -> None:
        self.folder = folder
        self._reads: Reads = {} if reads is None else reads
        self._contents = contents
        """What some files would have in them, by their real paths: what lint would find after its fixes."""
        self._repositories = Repositories()
        self._shown = shown
        """How the user names the folder, where it is not the working directory."""

    def shown(self, path: str) -> str:
        """The path as the user would name it."""
        return posixpath.normpath(posixpath.join(self._shown, path))

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
        if self._contents and (found := self._contents.get(os.path.realpath(self._path(path)))) is not None:
            return found
        where = os.path.abspath(self._path(path))  # noqa: PTH100  # not resolved: links are followed when it is read
        if where not in self._reads:
            try:
                self._reads[where] = read_bounded(self._path(path), max(limit, _LARGEST))
            except EdgegenError:
                self._reads[where] = None
        found = self._reads[where]
        return found if found is not None and len(found) <= limit else None

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
