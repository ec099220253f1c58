"""Whole files or none: content goes to a temporary file next to its target, which then gets the target's name in one
step."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Iterable

from msgspec import Struct

from edgegen.core.pattern import late_pattern
from edgegen.system.os_errors import again, naming, refused
from edgegen.system.stop import held

TEMP_PREFIX = ".edgegen-tmp-"
TEMP_NAME = late_pattern(rf"{re.escape(TEMP_PREFIX)}[0-9a-f]{{16}}")

# 0600 from the start: a secret must not be readable between open and chmod.
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class Staged(Struct, frozen=True):
    """A complete, synced temporary file that does not have its final name yet."""

    directory: int
    temp: str
    name: str
    shown: str


def stage(
    directory: int, name: str, content: bytes, mode: int, shown: str, *, known: list[Staged] | None = None
) -> Staged:
    """Writes a temporary file in the target's folder. Leaves nothing behind if it fails.

    It is added to `known` before it exists: who discards those leaves none behind, whenever a signal comes.
    """
    staged = Staged(directory, TEMP_PREFIX + os.urandom(8).hex(), name, shown)
    if known is not None:
        known.append(staged)
    with naming(shown, "writing", directory):
        try:
            _create(directory, staged.temp, content, mode)
        except BaseException:
            discard(staged)
            raise
    return staged


def replace(staged: Staged) -> None:
    """Gives the staged file its name and replaces whatever has it."""
    with naming(staged.shown, "replacing", staged.directory):
        again(lambda: os.rename(staged.temp, staged.name, src_dir_fd=staged.directory, dst_dir_fd=staged.directory))


def publish_new(staged: Staged) -> None:
    """Gives the staged file its name. Raises RefusedError if a file with that name has appeared: nothing is
    replaced."""
    with naming(staged.shown, "making", staged.directory):
        try:
            again(lambda: _link(staged))
        except FileExistsError:
            raise refused(staged.shown, "appeared while it was being created: run the command again") from None
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            replace(staged)  # FAT and some network file systems; the lock keeps other edgegens out
        else:
            again(lambda: os.unlink(staged.temp, dir_fd=staged.directory))


def create_empty(directory: int, name: str, mode: int, shown: str) -> None:
    """Creates an empty file. Raises RefusedError if a file with that name has appeared."""
    with naming(shown, "making", directory):
        try:
            _create(directory, name, b"", mode)
        except FileExistsError:
            raise refused(shown, "appeared while it was being created: run the command again") from None


def put(directory: int, name: str, content: bytes, mode: int, shown: str, *, new: bool = False) -> None:
    """Writes one whole file and replaces whatever has its name; with `new` it replaces nothing, like `publish_new`."""
    known: list[Staged] = []
    try:
        staged = stage(directory, name, content, mode, shown, known=known)
        publish_new(staged) if new else replace(staged)
    except BaseException:
        discard_all(known)
        raise
    sync_directory(directory, shown)


def discard(staged: Staged) -> None:
    """Removes a temporary file if it is still there and can be removed."""
    try:
        os.unlink(staged.temp, dir_fd=staged.directory)
    except OSError:
        return  # never created, or swept by the next run


def discard_all(known: Iterable[Staged]) -> None:
    """The same for all of them. A second signal waits for it."""
    with held():
        for staged in known:
            discard(staged)


def sweep(directory: int, shown: str, *, older: float = 0.0) -> None:
    """Removes temporary files of a killed run that are at least `older` seconds old.

    Call it with the lock held, or with a time that no run needs for one file.
    """
    with naming(shown, "removing unfinished files", directory):
        for name in os.listdir(directory):
            if TEMP_NAME.fullmatch(name) and (not older or _age(directory, name) >= older):
                remove(directory, name)


def _age(directory: int, name: str) -> float:
    """Seconds since it was written to; 0 if it is gone."""
    try:
        return time.time() - os.lstat(name, dir_fd=directory).st_mtime
    except FileNotFoundError:
        return 0.0


def remove(directory: int, name: str) -> None:
    """Removes a file, if it still exists."""
    try:
        again(lambda: os.unlink(name, dir_fd=directory))
    except FileNotFoundError:
        return


def sync_directory(directory: int, shown: str) -> None:
    """Makes renames in the folder survive a power failure."""
    with naming(shown, "syncing"):
        sync(directory)


def sync(directory: int) -> None:
    """As `sync_directory`; the caller names the folder in errors."""
    try:
        os.fsync(directory)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that can't sync folders doesn't need it
            raise


def _create(directory: int, name: str, content: bytes, mode: int) -> None:
    opened = os.open(name, _CREATE, 0o600, dir_fd=directory)
    try:
        _write_all(opened, content)
        if stat.S_IMODE(os.fstat(opened).st_mode) != mode:
            os.fchmod(opened, mode)  # the umask may have cleared bits, and 0600 may be too strict
        os.fsync(opened)
    finally:
        os.close(opened)


def _write_all(opened: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(opened, rest) :]


def _link(staged: Staged) -> None:
    os.link(staged.temp, staged.name, src_dir_fd=staged.directory, dst_dir_fd=staged.directory, follow_symlinks=False)
