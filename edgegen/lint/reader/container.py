"""What is where inside a container, as far as its mounts show it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec import Struct

from edgegen.lint.model import Disk, Mount, Service, Source
from edgegen.lint.reader.values import replaced
from edgegen.lint.services import innermost
from edgegen.lint.sources import Place, Seen


class Container(Struct, frozen=True, eq=False):
    """One service with its mounts, and the secrets and configs that they name."""

    service: Service
    disk: Disk
    secrets: Mapping[str, Source]
    """The file's top-level `secrets`."""
    configs: Mapping[str, Source]
    values: Mapping[str, str]
    """Variables, for what these say."""

    def at(self, path: str) -> Place:
        """What is at a path; a relative one counts from the working directory, which is `/` in Traefik's image."""
        base = str(self.service.data.get("working_dir") or "/")
        held = innermost(self.service, posixpath.join(base, path))
        return self._below(*held) if held else Place(Seen.NOTHING)

    def _below(self, mount: Mount, rest: str) -> Place:
        if mount.kind in ("secret", "config"):
            return self._source(mount)
        if mount.kind != "bind" or mount.unset:
            return Place(Seen.HIDDEN, mount=mount, exact=not rest)
        source = posixpath.join(mount.source, rest) if rest else mount.source
        kind = self.disk.kind(source)
        if kind == "none" and rest and self.disk.kind(mount.source) == "folder":
            return Place(Seen.NOTHING, source, mount)
        seen = {"file": Seen.FILE, "folder": Seen.FOLDER}.get(kind, Seen.HIDDEN)
        return Place(seen, source, mount, not rest)

    def _source(self, mount: Mount) -> Place:
        found = (self.secrets if mount.kind == "secret" else self.configs).get(mount.source)
        if found is None or mount.unset:
            return Place(Seen.HIDDEN, mount=mount, exact=True)
        if file := found.data.get("file"):
            path, unset = replaced(str(file), self.values)
            seen = Seen.FILE if not unset and self.disk.kind(path) == "file" else Seen.HIDDEN
            return Place(seen, path, mount, True)
        if isinstance(content := found.data.get("content"), str):
            text, unset = replaced(content, self.values)
            seen = Seen.HIDDEN if unset else Seen.TEXT
            return Place(seen, mount=mount, exact=True, text=text, spot=found.spot)
        return Place(Seen.HIDDEN, mount=mount, exact=True)
