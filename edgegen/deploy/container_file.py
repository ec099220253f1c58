"""One file of a container, its volumes included, without a program inside it: many images have no `cat`."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass, field

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Command, Result
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

MOST_BYTES = 64 << 20
_MISSING = "could not find the file"


@dataclass(frozen=True, slots=True)
class ContainerFile:
    """A file as it was read. It may hold private keys: its content is in no repr."""

    mode: int
    content: bytes = field(repr=False)


def is_missing(result: Result) -> bool:
    """Whether `docker cp` failed because the container has no such file. Other failures say `no such …` too."""
    return not result.ok and _MISSING in result.stderr.lower()


def read_container_file(runner: Executor, container: str, path: str) -> ContainerFile | None:
    """A regular file of a container; None if there is none. Raises OutsideError for anything else."""
    result = runner.run(Command(("docker", "cp", f"{container}:{path}", "-"), most=MOST_BYTES))
    if not result.ok:
        if is_missing(result):
            return None
        raise OutsideError(f"{path} can't be read: {tail(result.stderr, 2)}")
    # The runner decodes what a program prints; acme.json is ASCII, and nothing else is read here.
    try:
        with tarfile.open(fileobj=io.BytesIO(result.stdout.encode("utf-8", "replace"))) as archive:
            member = archive.next()
            file = archive.extractfile(member) if member and member.isreg() else None
            if member is None or file is None:
                raise OutsideError(f"{path} is not a regular file")
            return ContainerFile(member.mode & 0o7777, file.read())
    except (tarfile.TarError, EOFError):
        raise OutsideError(f"{path} can't be read: `docker cp` printed no archive") from None
