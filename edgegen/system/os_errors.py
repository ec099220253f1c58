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


@contextmanager
def naming(shown: str, action: str, directory: int | None = None) -> Iterator[None]:
    """Turns an OSError into a LocalIOError that names the path, the cause and, for a full disk, the free bytes."""
    try:
        yield
    except OSError as error:
        hint = _hint(error, directory)
        raise LocalIOError(Problem(f"{action} failed: {cause(error)}", Location(shown), hint=hint)) from error


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
