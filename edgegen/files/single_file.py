"""Single files outside a render: the spec and `.gitignore` of `init`, the htpasswd of `registry user`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from edgegen.core.errors import LockedError
from edgegen.files.backup import stage_backup
from edgegen.files.lock import lock
from edgegen.files.output import PRIVATE, Output, WriteReport, parse_path
from edgegen.files.safe_open import ProjectDirectory, Seen, mend_mode, see
from edgegen.system import atomic
from edgegen.system.os_errors import refused


def put_file(
    project: Path,
    path: str,
    content: bytes,
    *,
    mode: int = 0o644,
    existing: Literal["refuse", "replace", "backup"] = "refuse",
) -> WriteReport:
    """Writes one whole file that is in no manifest. Equal content is not touched, whatever `existing` says.

    Raises RefusedError for a link, FIFO or folder in its place, and for other content unless `existing` allows it.
    """
    with lock(project):
        return _put(project, Output(path, content, mode), existing)


def rewrite_file(project: Path, path: str, content: bytes) -> WriteReport:
    """Replaces a file of the user's, which keeps its mode."""
    mode = (project / path).stat(follow_symlinks=False).st_mode & 0o777
    return put_file(project, path, content, mode=mode, existing="replace")


def put_state(project: Path, path: str, content: bytes) -> WriteReport:
    """Writes one whole file of edgegen's own state, for a caller that holds a separate lock on its subject."""
    return _put(project, Output(path, content, PRIVATE), "replace", older=ANOTHERS)


ANOTHERS = 3600.0
"""Seconds for which an unfinished file in a folder without our lock may belong to a run that is still writing it."""


def _put(
    project: Path, output: Output, existing: Literal["refuse", "replace", "backup"], *, older: float = 0.0
) -> WriteReport:
    path = output.path
    with ProjectDirectory(project) as root:
        directory = root.make(output.parts[:-1])
        atomic.sweep(directory, root.shown("/".join(output.parts[:-1])), older=older)
        seen = see(directory, output.parts[-1], root.shown(path), read=True)
        if seen is not None and seen.content == output.content:
            return _mended(directory, output, seen, root.shown(path))
        if seen is not None and existing == "refuse":
            raise refused(root.shown(path), "exists already, with other content", "--force keeps it as a .bak")
        return _replaced(directory, output, seen if existing == "backup" else None, root.shown(path))


def read_project_file(project: Path, path: str) -> bytes | None:
    """The content of a regular file of the project, never through a link; None if there is none."""
    with ProjectDirectory(project) as root:
        seen = root.see(parse_path(path))
    return seen.content if seen else None


def _mended(directory: int, output: Output, seen: Seen, shown: str) -> WriteReport:
    if output.accepts_mode(seen.mode):
        return WriteReport(unchanged=(output.path,))
    mend_mode(directory, output.parts[-1], output.mode, shown)
    return WriteReport(unchanged=(output.path,), mended=(output.path,))


def _replaced(directory: int, output: Output, old: Seen | None, shown: str) -> WriteReport:
    name = output.parts[-1]
    waiting: list[atomic.Staged] = []
    try:
        if old is not None:
            stage_backup(directory, name, old, shown, waiting)
        atomic.stage(directory, name, output.content, output.mode, shown, known=waiting)
        for backup in waiting[:-1]:
            atomic.publish_new(backup)
        atomic.replace(waiting[-1])
    except BaseException:
        atomic.discard_all(waiting)
        raise
    atomic.sync_directory(directory, shown)
    return WriteReport(
        written=(output.path,), backups=tuple(output.path.removesuffix(name) + backup.name for backup in waiting[:-1])
    )


def refuse_overtaken(project: Path, outputs: Iterable[Output]) -> None:
    """Raise LockedError if another edgegen wrote a kept secret since it was read: call it while holding the lock.

    The other file would stay, and the passwords that this run shows would not work.
    """
    for item in outputs:
        if item.keep and item.is_secret and read_project_file(project, item.path) not in (None, item.content):
            raise LockedError(f"another edgegen wrote `{item.path}` at the same time", hint="run the command again")
