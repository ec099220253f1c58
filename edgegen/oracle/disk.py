"""Files: what Traefik's container would see by its mounts, seen where it really lies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PATH_KEYS = (
    "usersfile",
    "ca",
    "cert",
    "key",
    "certfile",
    "keyfile",
    "rootcas",
    "cafiles",
    "clientca",
    "cacertificates",
)
"""Options whose value is a path, or several with commas; in lower case."""
_OF_THE_IMAGE = ("/etc/ssl", "/etc/pki", "/usr")
_MISSING = re.compile(r"open (\S+?):? no such file or directory")


class Disk:
    """A folder in which every mount of Traefik's container is a symbolic link to its source."""

    def __init__(self, folder: Path, mounts: Mapping[str, str]) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.dynamic = folder / "dynamic"
        self.root.mkdir()
        self.dynamic.mkdir()
        self._seen_elsewhere = (*(target.rstrip("/") for target in mounts), *_OF_THE_IMAGE)
        for target, source in sorted(mounts.items(), key=lambda item: len(item[0]), reverse=True):
            self._mount(source, target)

    def _mount(self, source: str, target: str) -> None:
        place = self.root / "/".join(part for part in target.split("/") if part not in ("", ".", ".."))
        if place == self.root or not Path(source).exists() or place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(Path(source).resolve())

    def on_disk(self, path: str) -> str:
        """A path of the container as one below this folder; anything else as it is."""
        return f"{self.root}{path}" if path.startswith("/") and ".." not in path.split("/") else path

    def all_on_disk(self, paths: str) -> str:
        """Several paths with commas between them."""
        return ",".join(self.on_disk(part) for part in paths.split(","))

    def undone(self, value: Any) -> Any:
        """Undoes `on_disk` wherever it occurs in a value."""
        return json.loads(json.dumps(value).replace(str(self.root), "").replace(str(self.folder), "/oracle"))

    def lacks(self, line: str) -> bool:
        """Whether a line complains of a file that the container may have, by a mount or its image."""
        found = _MISSING.search(line)
        path = found.group(1).removeprefix(str(self.root)) if found else ""
        return any(path == place or path.startswith(f"{place}/") for place in self._seen_elsewhere)
