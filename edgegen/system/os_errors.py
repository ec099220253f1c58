"""System errors as messages for people: the path, what was attempted, and what to do about it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from edgegen.core.errors import LocalIOError, Problem, RefusedError
from edgegen.core.location import Location

T = TypeVar("T")

_OF_PATHS = frozenset(
    (errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP, errno.EIO, errno.EROFS, errno.ESTALE)
)
"""Python's questions about a path raise these, too: `Path.exists()` below a folder that this user may not enter."""


@contextmanager
def naming(shown: str, action: str, directory: int | None = None) -> Iterator[None]:
    """Turns an OSError into a LocalIOError that names the path, the cause and, for a full disk, the free bytes."""
    try:
        yield
    except OSError as error:
        raise _local(error, shown, f"{action} failed: {cause(error)}", directory) from error


def of_a_path(error: OSError) -> LocalIOError | None:
    """An error that nobody has named, where the path is to blame; None where it would be edgegen's own fault."""
    if error.errno not in _OF_PATHS or not isinstance(error.filename, str):
        return None
    return _local(error, error.filename, cause(error))


def _local(error: OSError, shown: str, message: str, directory: int | None = None) -> LocalIOError:
    return LocalIOError(Problem(message, Location(shown), hint=_hint(error, directory)))


def cause(error: OSError) -> str:
    """What the system says, in its own words."""
    return error.strerror or str(error)


def again(call: Callable[[], T]) -> T:
    """Repeats a call that a signal interrupted: Python does that for open, read and write, but not for rename or
    link."""
    while True:
        try:
            return call()
        except InterruptedError:
            continue


def refused(shown: str, message: str, hint: str = "") -> RefusedError:
    """The error for a path that edgegen will not act on."""
    return RefusedError(Problem(message, Location(shown), hint=hint))


def _hint(error: OSError, directory: int | None) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT) and directory is not None:
        facts = os.fstatvfs(directory)
        return f"{facts.f_bavail * facts.f_frsize} bytes are free on its file system"
    if error.errno in (errno.EBUSY, errno.EXDEV):
        return "it is bind-mounted: render to the directory instead, and mount the directory, not the file"
    if error.errno == errno.EROFS:
        return "its file system is mounted read-only"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"check the owner and mode of the file and its folder (this process is uid {os.geteuid()})"
    return ""
