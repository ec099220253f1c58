"""A run that fails leaves a folder as it was: what it created is removed, and what it replaced is restored.

Only with the project's lock held, and only for paths named beforehand: files that someone else creates in the meantime
are not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from edgegen.core.errors import EdgegenError, LocalIOError
from edgegen.files import put_file, read_project_file
from edgegen.files.manifest import MANIFEST, PENDING
from edgegen.files.output import STATE_DIRECTORY
from edgegen.system.stop import held

OWN = (f"{STATE_DIRECTORY}/{MANIFEST}", f"{STATE_DIRECTORY}/{PENDING}")
LOCK = f"{STATE_DIRECTORY}/lock"


@contextmanager
def made_folder(project: Path) -> Iterator[None]:
    """The folder, created with its parents if it is missing; removed again, if it is empty, when the run fails."""
    made: list[Path] = []
    try:
        for folder in reversed([project.absolute(), *project.absolute().parents]):
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            except OSError as error:
                if folder.is_dir():  # a read-only file system reports that for existing folders as well
                    continue
                raise LocalIOError(f"can't create the folder `{project}`: {error.strerror}") from None
            made.append(folder)
        if not project.is_dir():
            raise LocalIOError(f"can't create the folder `{project}`: File exists")
        yield
    except BaseException:
        with held():  # a second signal must not leave half of it
            for folder in reversed(made):
                with suppress(OSError):
                    folder.rmdir()
        raise


class _Before(Struct, frozen=True):
    """One file before the run."""

    content: bytes | None
    mode: int
    backups: frozenset[str]


@contextmanager
def as_before(project: Path, paths: Iterable[str], *, fresh: bool) -> Iterator[None]:
    """If the code inside fails or is interrupted, these files and their folders are restored.

    `fresh`: edgegen's own folder did not exist before the lock was taken.
    """
    wanted = dict.fromkeys((*paths, *OWN))
    folders: list[Path] = []
    before: dict[str, _Before] = {}
    try:
        folders += _missing_folders(project, wanted)
        before.update({path: seen for path in wanted if (seen := _seen(project, path)) is not None})
        yield
    except BaseException:
        with held():  # a second signal must not leave half of it
            _restore(project, before, folders, fresh=fresh)
        raise


def _restore(project: Path, before: Mapping[str, _Before], folders: Iterable[Path], *, fresh: bool) -> None:
    for path, was in before.items():
        with suppress(Exception):  # as much as can be restored: the disk may be full
            _put_back(project, path, was)
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
    if fresh:
        with suppress(OSError):
            (project / LOCK).unlink()  # nothing waits for it: this run holds it until its folder is gone
            (project / STATE_DIRECTORY).rmdir()


def _seen(project: Path, path: str) -> _Before | None:
    """None for anything but a regular file: nothing is written there."""
    try:
        content = read_project_file(project, path)
    except EdgegenError:
        return None
    mode = (project / path).stat(follow_symlinks=False).st_mode & 0o777 if content is not None else 0
    return _Before(content, mode, _backups(project / path))


def _backups(path: Path) -> frozenset[str]:
    try:
        return frozenset(item.name for item in path.parent.iterdir() if item.name.startswith(f"{path.name}.bak"))
    except OSError:
        return frozenset()


def _put_back(project: Path, path: str, was: _Before) -> None:
    place = project / path
    if was.content is None:
        place.unlink(missing_ok=True)
        return
    new = sorted(_backups(place) - was.backups)
    if new:  # a rename needs no disk space
        (place.parent / new[0]).replace(place)
    elif read_project_file(project, path) != was.content:
        put_file(project, path, was.content, mode=was.mode, existing="replace")


def _missing_folders(project: Path, paths: Iterable[str]) -> list[Path]:
    """Folders that the paths need and that don't exist, the deepest first."""
    needed = {parent for path in paths for parent in PurePosixPath(path).parents if parent != PurePosixPath()}
    missing = [project / folder for folder in needed if not (project / folder).exists()]
    return sorted(missing, key=lambda folder: len(folder.parts), reverse=True)
