"""What has to be written and the result, as plain data; and which paths may be written at all."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from edgegen.core.errors import RefusedError
from edgegen.core.unshown import Guarded
from edgegen.system.atomic import TEMP_PREFIX
from edgegen.traefik import store

STATE_DIRECTORY = ".edgegen"
PRIVATE = 0o600
"""The mode of a file that only its owner may read."""

SECRETS = ("secrets",)
ACME_STORE = store.PATH
"""Traefik writes it in place, so a crash of Traefik can leave half of it: edgegen reports that and never repairs it.
It is never renamed over: a container that mounts it would keep the old inode."""
_PRIVATE_DIRECTORIES = frozenset(
    {(store.FOLDER,), SECRETS, (STATE_DIRECTORY,), (STATE_DIRECTORY, "ca"), (STATE_DIRECTORY, "ca", "leaf")}
)
_RESERVED = frozenset((STATE_DIRECTORY, name) for name in ("lock", "stack.lock", "manifest.json", "pending.json"))


class Output(Guarded, frozen=True):
    """A file to be written.

    `path` is relative to the project directory, with `/` between its components. `keep`: the file is created once and
    then belongs to someone else (Traefik's certificates, a password in use); later only its mode is corrected. Raises
    RefusedError for a path that leaves the project.
    """

    unshown: ClassVar[frozenset[str]] = frozenset({"content"})

    path: str
    content: bytes
    mode: int = 0o644
    keep: bool = False

    def __post_init__(self) -> None:
        if parse_path(self.path) in _RESERVED:
            raise RefusedError(f"`{self.path}` is part of edgegen's own state and can't be an output")

    @property
    def parts(self) -> tuple[str, ...]:
        """The components of the path."""
        return tuple(self.path.split("/"))

    @property
    def is_secret(self) -> bool:
        """True if only the owner may read it, also because of its folder: such content is never shown."""
        return is_secret(self.parts, self.mode)

    def accepts_mode(self, mode: int) -> bool:
        """True if a file with this mode on disk can stay as it is.

        A git checkout under umask 002 gives 0664 for 0644: that is not a difference.
        """
        return mode == self.mode or (self.mode & 0o240 == 0o240 and mode == self.mode | 0o020)


class WriteReport(Struct, frozen=True):
    """What a run did, by path. `backups` contain what `force` replaced."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    """These had a wrong mode, which was corrected."""
    removed_stale: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def parse_path(path: str) -> tuple[str, ...]:
    """The components of a path inside the project. Raises RefusedError for a path that could lead elsewhere."""
    if path.startswith("/"):
        raise RefusedError(f"`{path}` is absolute: a file of the project has a path relative to it")
    parts = tuple(path.split("/"))
    for part in parts:
        if fault := _fault(part):
            raise RefusedError(f"{path!r} {fault}")
    return parts


def directory_mode(parts: tuple[str, ...]) -> int:
    """0700 for folders with secrets or state, 0755 for the others."""
    return 0o700 if is_private(parts) else 0o755


def is_secret(parts: tuple[str, ...], mode: int) -> bool:
    """Whether the content of a file must never be shown."""
    return parts[:-1] == SECRETS or not mode & 0o077


def is_private(parts: tuple[str, ...]) -> bool:
    """True for a folder that only its owner may enter."""
    return parts in _PRIVATE_DIRECTORIES


def _fault(part: str) -> str:
    if part in ("", ".", ".."):
        return "has an empty, `.` or `..` component"
    if part.startswith(TEMP_PREFIX):
        return f"has a component that starts with `{TEMP_PREFIX}`, the mark of unfinished files"
    if "\\" in part or not part.isprintable():  # lone surrogates and NUL are not printable
        return "has a backslash or a character that can't be printed"
    if len(part.encode()) > 255:
        return "has a component longer than 255 bytes"
    return ""
