"""Reading a file that the user named: only a regular file, only up to a limit, and without ever waiting for it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from edgegen.core.errors import Problem, SpecError
from edgegen.core.location import Location
from edgegen.system.os_errors import naming

# O_NONBLOCK: opening a FIFO would wait for its writer.
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY

_KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a block device",
    stat.S_IFCHR: "a character device",
}

Judge = Callable[[os.stat_result], None]


def read_bounded(path: Path, limit: int, judge: Judge | None = None) -> bytes:
    """The bytes of a file. `judge` gets its owner and mode from the open descriptor, and may raise. See `opened`."""
    with opened(path, limit) as descriptor, naming(str(path), "reading"):
        if judge is not None:
            judge(os.fstat(descriptor))
        content = read_up_to(descriptor, limit + 1)
    if len(content) > limit:
        raise _too_large(path, limit)
    return content


@contextmanager
def opened(path: Path, limit: int) -> Iterator[int]:
    """A descriptor of a regular file of at most `limit` bytes, checked before anything is read. Follows links.

    Raises SpecError for a larger file, a folder, a FIFO or a device, LocalIOError where the system refuses.
    """
    with naming(str(path), "reading"):
        _refuse(path.stat(), path, limit)  # just opening a device can have an effect
        descriptor = os.open(path, _READ)
    try:
        _refuse(os.fstat(descriptor), path, limit)
        yield descriptor
    finally:
        os.close(descriptor)


def read_up_to(descriptor: int, limit: int) -> bytes:
    """All bytes, up to the first `limit`."""
    chunks = []
    while limit > 0 and (chunk := os.read(descriptor, min(limit, 1 << 20))):
        chunks.append(chunk)
        limit -= len(chunk)
    return b"".join(chunks)


def kind_of(mode: int) -> str:
    """What something is that has another kind than expected: `a FIFO`."""
    return _KINDS.get(stat.S_IFMT(mode), "a special file")


def _refuse(facts: os.stat_result, path: Path, limit: int) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise SpecError(Problem(f"is {kind_of(facts.st_mode)}, not a regular file", Location(str(path))))
    if facts.st_size > limit:
        raise _too_large(path, limit)


def _too_large(path: Path, limit: int) -> SpecError:
    return SpecError(Problem(f"is larger than {limit} bytes", Location(str(path))))
