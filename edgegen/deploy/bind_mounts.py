"""Mounted files of the project that are missing: Docker makes an empty folder of each, and starts the container.

The program in it then starts without its configuration, or fails on a folder. The folder stays. Only files in the
project's folder are looked at: where edgegen runs in a container, it does not see the rest of the host.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from edgegen.core.errors import Problem
from edgegen.deploy.model import HostFile

_OF_FILES = (
    *(".cfg", ".cnf", ".conf", ".crt", ".env", ".htpasswd", ".ini", ".js", ".json", ".key", ".lua", ".pem", ".php"),
    *(".properties", ".py", ".rules", ".sh", ".sql", ".toml", ".txt", ".xml", ".yaml", ".yml"),
)
"""How the names of files end. A folder may have a dot in its name as well: `conf.d`, `example.com`."""


def missing_files(files: Iterable[HostFile], folder: Path) -> Iterator[Problem]:
    """Those that don't exist. Of secrets and configs, Compose itself says so."""
    for file in _mounted(files, folder):
        if _is_missing(Path(file.source)):
            yield Problem(
                f"mounts {file.source}, which does not exist: the engine would make an empty folder of it",
                path=file.owner,
                hint="make the file first, or the folder if one is meant",
            )


def left_folders(files: Iterable[HostFile], folder: Path) -> Iterator[str]:
    """Empty folders in place of files: from a start when the file was missing."""
    for file in _mounted(files, folder):
        if _is_empty_folder(Path(file.source)):
            yield (
                f"{file.owner} mounts {file.source}, which is an empty folder: Docker makes one where a file is "
                "missing; if a file is meant, remove the folder and make the file"
            )


def _mounted(files: Iterable[HostFile], folder: Path) -> Iterator[HostFile]:
    roots = (folder.absolute(), folder.resolve())
    for file in files:
        path = Path(file.source)
        is_named_so = file.owner.startswith("services.") and (path.suffix or path.name).lower() in _OF_FILES
        if is_named_so and any(path.is_relative_to(root) for root in roots):
            yield file


def _is_missing(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    except OSError:  # this user may not look there; the engine runs as root
        return False
    return False


def _is_empty_folder(path: Path) -> bool:
    try:
        return not any(path.iterdir())
    except OSError:
        return False
