"""Which files `edgegen lint` reads, and as which projects."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from edgegen.core.errors import UsageError
from edgegen.lint.model import Project
from edgegen.lint.reader.disk import FolderDisk, Reads
from edgegen.lint.reader.selection import Selected, composed, named, one, taken
from edgegen.lint.reader.whole import read_files
from edgegen.spec import SPEC_FILE
from edgegen.traefik.version import Version


def projects(
    files: Sequence[str],
    together: Sequence[str],
    folder: Path,
    *,
    wanted: Version | None = None,
    contents: Mapping[str, bytes] | None = None,
) -> list[Project]:
    """`together` is one project; each of `files` is one as `selection` groups them; else what Compose would take.

    Names are relative to `folder`, and are shown as the user wrote them. `contents`: what files would have in them, by
    their real paths.
    """
    reads: Reads = {}
    selected = (
        [one(together)] if together else named(files, folder, reads) if files else taken(folder, os.environ, reads)
    )
    if not selected:
        if not files and (folder / SPEC_FILE).is_dir():
            raise UsageError(f"{folder / SPEC_FILE} is a folder, not a file", hint="move it, and write the file")
        where = ", ".join(files) if files else folder
        raise UsageError(f"there is no Compose file in {where}", hint=_hint([] if files else composed(folder)))
    return [_read(item, folder, wanted, contents, reads) for item in selected]


def passed_over(folder: Path, looked_at: Sequence[Project]) -> list[str]:
    """Compose files of the folder that nothing names, as the user would write them."""
    seen = {os.path.normpath(file.name) for project in looked_at for file in project.files}
    return [name for name in composed(folder) if os.path.normpath(folder / name) not in seen]


def _hint(names: Sequence[str]) -> str:
    if not names:
        return "name the files: `edgegen lint FILE…`"
    more = f", or one of {', '.join(names[1:4])}{', …' * (len(names) > 4)}" if len(names) > 1 else ""
    return f"Compose does not take {names[0]} by itself: `edgegen lint {shlex.quote(names[0])}`{more}"


def _read(
    item: Selected, here: Path, wanted: Version | None, contents: Mapping[str, bytes] | None, reads: Reads
) -> Project:
    folder = here / item.folder
    shown = os.path.normpath(folder) if item.folder or here != Path() else ""
    disk = FolderDisk(folder, shown, contents, reads)
    environ = {**item.values, **os.environ}
    return read_files(item.names, disk, folder=str(folder), environ=environ, wanted=wanted)
