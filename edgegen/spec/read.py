"""Read a file that a user wrote: bounded, and without ever hanging on what is no file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from edgegen.core.errors import LocalIOError, SpecError


def read_bounded(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Raises SpecError where it is missing, no regular file or too large, LocalIOError where it can't be read.
    """
    try:
        # O_NONBLOCK: opening a FIFO would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise SpecError(f"there is no `{path}`", hint="`edgegen init registry DOMAIN` writes one") from None
    except OSError as error:
        raise LocalIOError(f"can't read `{path}`: {error.strerror}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SpecError(f"`{path}` is not a regular file")
        if status.st_size > limit:
            raise SpecError(f"`{path}` has {status.st_size} bytes, and at most {limit} are read")
        with open(descriptor, "rb", closefd=False) as file:  # of a descriptor: a folder has none
            return file.read(limit + 1)
    except OSError as error:
        raise LocalIOError(f"can't read `{path}`: {error.strerror}") from None
    finally:
        os.close(descriptor)
