"""What rules need to know about the disk, collected for them by `project`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from edgegen.core.show import first_few
from edgegen.rules.exposure import DOCKERFILE, Exposure

_SHOWN = 4


class IgnoreFile(Struct, frozen=True):
    """A `.dockerignore`, or `DOCKERFILE.dockerignore`. `leaves`: it is a link to a file outside its folder."""

    content: bytes = b""
    leaves: bool = False
    fault: str = ""
    """Why it can't be read, if it can't."""


class Inventory(Struct, frozen=True):
    """All paths are absolute and without links."""

    project: str
    secrets: tuple[str, ...]
    """The files with secrets, keys and hashes: those that exist, and those that this render writes."""
    private: tuple[str, ...] = ()
    """Folders that hold nothing else."""
    places: Mapping[Exposure, str] = field(default_factory=dict)
    """The real path of each exposure."""
    ignores: Mapping[str, IgnoreFile] = field(default_factory=dict)
    """The ignore files of the contexts, by path."""
    mounted_by_edgegen: frozenset[str] = frozenset()
    """Folders that the edge's own containers always see."""


def ignore_paths(exposure: Exposure, context: str) -> tuple[str, ...]:
    """Where the ignore files of a context may be: its own first, then those next to its Dockerfile."""
    own = posixpath.join(context, ".dockerignore")
    if exposure.dockerfile is None:
        return (own,)
    folder, name = posixpath.split(posixpath.normpath(posixpath.join(context, exposure.dockerfile)))
    # BuildKit uses `dockerfile` if there is no `Dockerfile`.
    names = (name, DOCKERFILE.lower()) if name == DOCKERFILE else (name,)
    return (own, *(posixpath.join(folder, f"{one}.dockerignore") for one in names))


def listed(files: Sequence[str], inventory: Inventory) -> str:
    """Files for a sentence: the first of many."""
    return first_few((f"`{path_shown(file, inventory)}`" for file in files), _SHOWN)


def folder_of(file: str, inventory: Inventory) -> str:
    """The private folder that the file is in, or the file."""
    return next((folder for folder in inventory.private if is_within(file, folder)), file)


def path_shown(path: str, inventory: Inventory) -> str:
    """A path as the user knows it: below the project, or absolute."""
    return below(path, inventory.project) if is_within(path, inventory.project) else path


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder, or in it."""
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def below(path: str, folder: str) -> str:
    """A path relative to a folder that it is in."""
    return path[len(folder.rstrip("/")) + 1 :] or "."
