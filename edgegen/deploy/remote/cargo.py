"""Reading what is copied: regular files of the project folder, with their modes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from edgegen.core.errors import LocalIOError, Problem, RefusedError, SpecError
from edgegen.deploy.remote.judge import PRIVATE, Cargo, Wanted, parents
from edgegen.deploy.remote.mounts import Mount
from edgegen.deploy.remote.record import is_plain
from edgegen.system.atomic import TEMP_NAME
from edgegen.system.read import kind_of, read_bounded
from edgegen.traefik import store

MOST_BYTES = 4 << 20
MOST_FILES = 1_000
_PUBLIC = 0o755
_EVERYBODY = 0o077


def load(root: Path, found: Iterable[Mount], also: Iterable[str] = ()) -> Cargo:
    """What these mounts need, and the files `also`. Raises RefusedError for what can't be copied."""
    files: dict[str, Wanted] = {}
    folders: set[str] = set()
    problems: list[Problem] = []
    for owner, path in [*(("", name) for name in also), *_inside(root, found)]:
        try:
            if path in (store.FOLDER, store.PATH):
                files[store.PATH] = Wanted(store.PATH, 0o600)
                continue
            if (root / path).is_dir():
                folders.add(path)
            for name in _walk(root, path, owner):
                if name not in files:
                    files[name] = _read(root, name)
        except (RefusedError, SpecError, LocalIOError) as error:
            problems += error.problems
    problems += _too_much(files.values())
    if problems:
        raise RefusedError(list(dict.fromkeys(problems)))
    every = sorted({*folders, *parents([*files, *(f"{path}/." for path in folders)])})
    return Cargo(tuple(files[name] for name in sorted(files)), {path: _folder_mode(root, path) for path in every})


def _inside(root: Path, found: Iterable[Mount]) -> Iterator[tuple[str, str]]:
    for mount in found:
        if path := mount.within(str(root)):
            yield mount.owner, path


def _walk(root: Path, path: str, owner: str) -> Iterator[str]:
    """The regular files of a folder, or the one file. Links are not followed: they may lead anywhere."""
    facts = _facts(root, path, owner)
    if not is_plain(path):
        raise _refused(path, owner, "has a name that can't be copied", "rename it")
    if stat.S_ISDIR(facts.st_mode):
        for item in sorted((root / path).iterdir()):
            if not TEMP_NAME.fullmatch(item.name):
                yield from _walk(root, f"{path}/{item.name}", owner)
    elif stat.S_ISREG(facts.st_mode):
        yield path
    else:
        raise _refused(path, owner, f"is {kind_of(facts.st_mode)}, which can't be copied", "put the file itself there")


def _facts(root: Path, path: str, owner: str) -> os.stat_result:
    try:
        return os.lstat(root / path)
    except OSError as error:
        raise _refused(
            path, owner, f"can't be copied: {error.strerror}", "`edgegen render` creates what is rendered"
        ) from None


def _read(root: Path, path: str) -> Wanted:
    mode = stat.S_IMODE(os.lstat(root / path).st_mode)
    # A checkout under umask 002 gives 0664 for 0644; there it must not be writable for others.
    return Wanted(path, mode & _PUBLIC, read_bounded(root / path, MOST_BYTES))


def _folder_mode(root: Path, path: str) -> int:
    if path == store.FOLDER:
        return PRIVATE
    return _PUBLIC if stat.S_IMODE(os.lstat(root / path).st_mode) & _EVERYBODY else PRIVATE


def _too_much(files: Iterable[Wanted]) -> Iterator[Problem]:
    every = list(files)
    size = sum(len(item.content or b"") for item in every)
    if size > MOST_BYTES or len(every) > MOST_FILES:
        largest = max(every, key=lambda item: len(item.content or b""))
        yield Problem(
            f"the mounted files are {len(every):,} with {size >> 10:,} KiB; at most {MOST_FILES:,} with "
            f"{MOST_BYTES >> 10:,} KiB are copied, and the largest is {largest.path}",
            hint="build large files into an image, or put them into a named volume",
        )


def _refused(path: str, owner: str, message: str, hint: str) -> RefusedError:
    return RefusedError(Problem(f"{path} {message}", path=owner, hint=hint))
