"""Files of the user's that get another content: whole or not at all, with their mode, owner and links as they were."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import RefusedError
from edgegen.files.safe_open import see
from edgegen.system import atomic
from edgegen.system.os_errors import naming, refused


class Rewrite(Struct, frozen=True):
    """What a file was when it was read, and what it becomes. `shown`: as the user names it."""

    path: Path
    shown: str
    before: bytes
    after: bytes


def rewrite(changes: Sequence[Rewrite]) -> None:
    """Writes all of them next to their files, then replaces one after the other. A link stays, and its target changes.

    Raises RefusedError, before anything is replaced, for a file that changed since it was read, has several names
    (hard links), or whose owner could not be kept.
    """
    with ExitStack() as opened:
        waiting = [_staged(change, opened) for change in changes]
        for staged in waiting:
            atomic.replace(staged)
        for staged in waiting:
            atomic.sync_directory(staged.directory, staged.shown)


def create(path: Path, content: bytes) -> None:
    """Writes a file that does not exist yet. Raises RefusedError if there is something."""
    with ExitStack() as opened:
        with naming(str(path), "opening the folder"):
            directory = _opened(path.parent, opened)
        atomic.put(directory, path.name, content, 0o644, str(path), new=True)


def _staged(change: Rewrite, opened: ExitStack) -> atomic.Staged:
    """Closed and discarded with `opened`: once it has its name, there is nothing to discard."""
    real = Path(os.path.realpath(change.path))
    with naming(change.shown, "opening its folder"):
        directory = _opened(real.parent, opened)
    seen = see(directory, real.name, change.shown, read=True)
    if seen is None or seen.content != change.before:
        raise refused(change.shown, "changed while it was looked at: run the command again")
    known: list[atomic.Staged] = []
    opened.callback(atomic.discard_all, known)
    staged = atomic.stage(directory, real.name, change.after, seen.mode, change.shown, known=known)
    _keep_owner(directory, real.name, staged)
    return staged


def _opened(folder: Path, opened: ExitStack) -> int:
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    opened.callback(os.close, directory)
    return directory


def _keep_owner(directory: int, name: str, staged: atomic.Staged) -> None:
    old = os.stat(name, dir_fd=directory, follow_symlinks=False)
    new = os.stat(staged.temp, dir_fd=directory, follow_symlinks=False)
    if (old.st_uid, old.st_gid) == (new.st_uid, new.st_gid):
        return
    try:
        os.chown(staged.temp, old.st_uid, old.st_gid, dir_fd=directory, follow_symlinks=False)
        os.chmod(staged.temp, old.st_mode & 0o7777, dir_fd=directory)  # chown clears the bits of setuid and setgid
    except PermissionError:
        raise RefusedError(
            f"{staged.shown} belongs to another user or group, who would lose it", hint="run as its owner"
        ) from None
