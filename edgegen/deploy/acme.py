"""acme.json before Traefik reads it: a regular file that only its owner may read, or no certificates at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import Problem
from edgegen.core.location import Location

_MODE = 0o600


class Storage(Struct, frozen=True):
    """What was found about acme.json: why Traefik could not use it, and what was fixed."""

    problem: Problem | None = None
    notice: str = ""
    passed: str = ""
    """What is in order."""


def check_storage(path: Path) -> Storage:
    """Check acme.json, and fix its mode. Its contents are never touched; a missing file is not a problem here."""
    try:
        seen = path.lstat()
    except FileNotFoundError:
        return Storage()
    except OSError as error:
        return Storage(_problem(path, f"can't be checked: {error.strerror}", "check the mode of its folder"))
    refused = _not_a_regular_file(path, seen)
    if refused:
        return Storage(refused)
    if stat.S_IMODE(seen.st_mode) == _MODE:
        return Storage(passed=f"{path.name} is a file that only its owner can read")
    return _fix_mode(path, seen)


def _not_a_regular_file(path: Path, seen: os.stat_result) -> Problem | None:
    if stat.S_ISDIR(seen.st_mode):
        return _problem(
            path,
            "is a folder: Docker creates one when a container mounts a file that does not exist",
            f"`rmdir {path}`, then `edgegen render` creates the file",
        )
    if stat.S_ISLNK(seen.st_mode):
        return _problem(path, "is a symbolic link, and its target could be anything", "put the file itself there")
    if not stat.S_ISREG(seen.st_mode):
        return _problem(path, "is not a regular file", "move it away, then `edgegen render` creates the file")
    if seen.st_nlink > 1:
        return _problem(path, f"has {seen.st_nlink} names (hard links)", "remove the others: it holds private keys")
    return None


def _fix_mode(path: Path, seen: os.stat_result) -> Storage:
    """On the descriptor, so that the file that was checked is the file that is changed."""
    was = f"{stat.S_IMODE(seen.st_mode):04o}"
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return _fix_open(path, descriptor, seen, was)
        finally:
            os.close(descriptor)
    except OSError as error:
        return Storage(
            _problem(
                path,
                f"has mode {was} and it can't be changed here ({error.strerror}); Traefik requires 0600",
                f"`sudo chmod 600 {path}`",
            )
        )


def _fix_open(path: Path, descriptor: int, seen: os.stat_result, was: str) -> Storage:
    if not os.path.samestat(seen, os.fstat(descriptor)):
        return Storage(_problem(path, "was replaced during the check", "find out what does that, and try again"))
    os.fchmod(descriptor, _MODE)
    return Storage(notice=f"{path} had mode {was}; it is 0600 now (Traefik requires it)")


def _problem(path: Path, message: str, hint: str) -> Problem:
    return Problem(message, Location(str(path)), hint=hint)
