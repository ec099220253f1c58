"""A folder of this machine in which some files have another content: what lint would find after its fixes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from edgegen.lint.reader.disk import LIMIT, FolderDisk


class OverlayDisk(FolderDisk):
    """`contents`: by the real path of the file."""

    def __init__(self, folder: Path, shown: str, contents: Mapping[str, bytes]) -> None:
        super().__init__(folder, shown)
        self._contents = contents

    def read(self, path: str, limit: int = LIMIT) -> bytes | None:
        """The other content, or the file's own."""
        found = self._contents.get(os.path.realpath(self._path(path))) if self._contents else None
        return super().read(path, limit) if found is None else found
