"""A project's folder that is only texts. See `edgegen.lint.model.Disk`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping


class TextDisk:
    """Files that only exist as texts: path -> content."""

    def __init__(self, files: Mapping[str, str | bytes], modes: Mapping[str, int] | None = None,
                 tracked: Iterable[str] | None = None) -> None:  # fmt: skip
        self._files = {posixpath.normpath(name): text for name, text in files.items()}
        self._modes = dict(modes or {})
        self._tracked = None if tracked is None else frozenset(tracked)

    def shown(self, path: str) -> str:
        """The path itself."""
        return posixpath.normpath(path)

    def kind(self, path: str) -> str:
        """`file`, `folder`, or `none`."""
        path = posixpath.normpath(path)
        if path in self._files:
            return "file"
        return "folder" if path == "." or any(name.startswith(path + "/") for name in self._files) else "none"

    def mode(self, path: str) -> int | None:
        """The permission bits; None where there is nothing."""
        path = posixpath.normpath(path)
        return self._modes.get(path, None if self.kind(path) == "none" else 0o644)

    def tracked(self, path: str) -> bool | None:
        """Whether git has it; None where there is no repository."""
        return None if self._tracked is None else posixpath.normpath(path) in self._tracked

    def read(self, path: str, limit: int = 0) -> bytes | None:  # they are in memory already
        """The bytes of a file."""
        found = self._files.get(posixpath.normpath(path))
        return found.encode() if isinstance(found, str) else found

    def listing(self, path: str) -> Iterable[str]:
        """Names in a folder, sorted."""
        path = posixpath.normpath(path)
        start = "" if path == "." else path + "/"
        return sorted({name[len(start) :].split("/")[0] for name in self._files if name.startswith(start)})
