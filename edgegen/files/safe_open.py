"""Opens files so that no link, FIFO or device can redirect or block the run: every decision is made on a descriptor."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import ClassVar, Self

from edgegen.core.errors import LocalIOError, RefusedError
from edgegen.core.unshown import Guarded
from edgegen.files.output import directory_mode
from edgegen.system.atomic import TEMP_NAME, sync
from edgegen.system.os_errors import again, naming, refused
from edgegen.system.read import kind_of, read_up_to

READ_LIMIT = 64 * 1024 * 1024

# O_NONBLOCK: a FIFO that replaces the file between lstat and open must not block the run.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_ENTER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Seen(Guarded, frozen=True):
    """A regular file as found on disk. `mode` is the permission bits; `content` is empty unless requested."""

    unshown: ClassVar[frozenset[str]] = frozenset({"content"})

    mode: int
    owner: int
    size: int
    content: bytes = b""


class ProjectDirectory:
    """An open project directory. Paths below it are walked one component at a time and never through a link."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: dict[tuple[str, ...], int] = {}
        self.mended: list[str] = []
        with naming(str(path), "opening the project directory"):
            self._opened[()] = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in self._opened.values():
            os.close(descriptor)
        self._opened.clear()

    def shown(self, path: str) -> str:
        """The path as the user would type it."""
        return str(self._path / path)

    def find(self, parts: tuple[str, ...]) -> int | None:
        """A descriptor of the folder, or None if it is missing. Raises RefusedError for a link or a file."""
        if parts in self._opened:
            return self._opened[parts]
        parent = self.find(parts[:-1])
        if parent is None:
            return None
        with naming(self.shown("/".join(parts)), "opening"):
            opened = _enter(parent, parts[-1], self.shown("/".join(parts)))
        if opened is not None:
            self._opened[parts] = opened
        return opened

    def see(self, parts: tuple[str, ...], *, read: bool = True) -> Seen | None:
        """The regular file, or None if it or its folder is missing. Raises RefusedError for anything else."""
        directory = self.find(parts[:-1])
        return None if directory is None else see(directory, parts[-1], self.shown("/".join(parts)), read=read)

    def make(self, parts: tuple[str, ...]) -> int:
        """Like `find`, but creates the folder, and corrects the mode of one that must be private."""
        existing = self.find(parts)
        if existing is not None:
            self._mend(parts, existing)
            return existing
        parent = self.make(parts[:-1])
        shown = self.shown("/".join(parts))
        with naming(shown, "creating the folder", parent):
            _make_directory(parent, parts[-1], directory_mode(parts))
        made = self.find(parts)
        if made is None:
            raise LocalIOError(f"{shown}: disappeared while it was being created")
        with naming(shown, "setting the mode"):
            _set_mode(made, directory_mode(parts))  # whatever the umask was
        return made

    def _mend(self, parts: tuple[str, ...], opened: int) -> None:
        if directory_mode(parts) != 0o700:
            return
        path = "/".join(parts)
        with naming(self.shown(path), "setting the mode"):
            if _set_mode(opened, 0o700):
                # On disk before anything else: a file in it may become readable next, and relies on the folder.
                sync(opened)
                self.mended.append(path)


def see(directory: int, name: str, shown: str, *, read: bool) -> Seen | None:
    """The regular file `name`, or None if there is nothing. Raises RefusedError for anything else."""
    with naming(shown, "reading"):
        opened = open_regular(directory, name, shown)
        if opened is None:
            return None
        try:
            facts = os.fstat(opened)
            content = _read_whole(opened, shown) if read else b""
            return Seen(stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_size, content)
        finally:
            os.close(opened)


def open_regular(directory: int, name: str, shown: str) -> int | None:
    """A descriptor for reading a regular file with a single name; None if there is nothing."""
    try:
        # Checked before it is opened: just opening a device can have an effect.
        _refuse_unusual(os.stat(name, dir_fd=directory, follow_symlinks=False), directory, name, shown)
        opened = os.open(name, _READ, dir_fd=directory)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise refused(shown, "changed into a link or a socket while it was opened") from error
        raise
    try:
        _refuse_unusual(os.fstat(opened), directory, name, shown)
    except BaseException:
        os.close(opened)
        raise
    return opened


def mend_mode(directory: int, name: str, mode: int, shown: str) -> None:
    """Sets the mode on the descriptor of a file that passed all checks, never on a path."""
    with naming(shown, "setting the mode"):
        opened = open_regular(directory, name, shown)
        if opened is None:
            raise LocalIOError(f"{shown}: disappeared while its mode was being set")
        try:
            os.fchmod(opened, mode)
        finally:
            os.close(opened)


def _enter(parent: int, name: str, shown: str) -> int | None:
    try:
        return os.open(name, _ENTER, dir_fd=parent)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in (errno.ENOTDIR, errno.ELOOP):
            raise
        kind = kind_of(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
        raise refused(shown, f"is {kind}, where a folder is needed", f"move it away: mv {shown} {shown}.old") from error


def _make_directory(parent: int, name: str, mode: int) -> None:
    try:
        again(lambda: os.mkdir(name, mode, dir_fd=parent))
    except FileExistsError:  # created in the meantime; the caller checks what it is
        return


def _set_mode(opened: int, mode: int) -> bool:
    if stat.S_IMODE(os.fstat(opened).st_mode) == mode:
        return False
    os.fchmod(opened, mode)
    return True


def _refuse_unusual(facts: os.stat_result, directory: int, name: str, shown: str) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise _directory_in_the_way(directory, name, shown)
    if not stat.S_ISREG(facts.st_mode):
        raise refused(
            shown, f"is {kind_of(facts.st_mode)}, not a regular file", f"move it away: mv {shown} {shown}.old"
        )
    if facts.st_nlink > 1 and facts.st_nlink - _unfinished_names(directory, facts) > 1:
        hint = f"give it a separate inode: cp -p {shown} {shown}.new && mv {shown}.new {shown}"
        raise refused(shown, f"is a hard link: the same file has {facts.st_nlink} names", hint)


def _directory_in_the_way(directory: int, name: str, shown: str) -> RefusedError:
    if _is_empty(directory, name):
        message = "is an empty directory; Docker creates one when the file of a bind mount is missing"
        return refused(shown, message, f"stop the containers, then: rmdir {shown}")
    return refused(
        shown, "is a directory with files in it, where a file is needed", f"check its content and move it: {shown}"
    )


def _unfinished_names(directory: int, facts: os.stat_result) -> int:
    """How many names of the file are edgegen's temporary ones: a kill between link and unlink leaves one."""
    names = os.listdir(directory)
    return sum(_is_file(directory, name, facts) for name in names if TEMP_NAME.fullmatch(name))


def _is_file(directory: int, name: str, facts: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(name, dir_fd=directory, follow_symlinks=False), facts)
    except FileNotFoundError:
        return False


def _is_empty(directory: int, name: str) -> bool:
    opened = os.open(name, _ENTER, dir_fd=directory)
    try:
        return not os.listdir(opened)  # noqa: PTH208 (a descriptor, not a path)
    finally:
        os.close(opened)


def _read_whole(opened: int, shown: str) -> bytes:
    content = read_up_to(opened, READ_LIMIT + 1)
    if len(content) > READ_LIMIT:
        raise refused(shown, f"is larger than {READ_LIMIT} bytes: edgegen never wrote such a file")
    return content
