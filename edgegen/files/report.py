"""A file that a command-line option names (`--junit FILE`): it never takes another file's place.

A new one may be created where no file of a project belongs, and an earlier report by edgegen may be replaced.
Every other file stays: it may be the only copy of someone's certificates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import LocalIOError, RefusedError
from edgegen.core.pattern import late_pattern
from edgegen.files.manifest import read_state
from edgegen.files.output import STATE_DIRECTORY, Output
from edgegen.files.safe_open import ProjectDirectory, Seen, see
from edgegen.files.single_file import ANOTHERS
from edgegen.spec import SPEC_FILE
from edgegen.system import atomic
from edgegen.system.atomic import TEMP_PREFIX
from edgegen.system.os_errors import naming

_FOLDERS = late_pattern(r"acme|secrets|traefik|templates|registry(-.*)?")
"""Folders at the top of a project that edgegen reads from or writes to."""
_FOLDERS_ANYWHERE = frozenset({STATE_DIRECTORY, ".git", ".docker"})
_NAMES = late_pattern(
    rf"{re.escape(SPEC_FILE)}|(docker-)?compose\b.*\.ya?ml|stack\.ya?ml|(.*\.)?dockerfile(\..*)?|\.gitignore"
    rf"|(.*)\.dockerignore|(.*)\.env|\.env\..*|htpasswd|acme\.json|.*\.bak(\..*)?|{re.escape(TEMP_PREFIX)}.*"
)


class ReportFile(Struct, frozen=True):
    """Where a report goes. `is_own` says whether content is an older report of the same kind."""

    option: str
    file: Path
    is_own: Callable[[bytes], bool]

    def check(self) -> None:
        """Before long work: raises what `put` would raise."""
        with self._folder() as root:
            self._seen(root)

    def put(self, content: bytes) -> None:
        """Writes the whole report. Raises RefusedError for a path that belongs to another file, LocalIOError as
        usual."""
        with self._folder() as root:
            output, directory = Output(self.file.name, content), root.make(())
            atomic.sweep(directory, self._shown, older=ANOTHERS)
            there = self._seen(root)
            atomic.put(directory, output.path, content, output.mode, self._shown, new=there is None)

    @property
    def place(self) -> Path:
        """Its canonical path, however it was spelled. Raises OSError if its folder is missing."""
        return self.file.parent.resolve(strict=True) / self.file.name.casefold()

    @property
    def _shown(self) -> str:
        return f"{self.option} {self.file}"

    def _folder(self) -> ProjectDirectory:
        """The real folder of the file, after checking that a report may be written there."""
        try:
            folder = self.file.parent.resolve(strict=True)
        except FileNotFoundError:
            raise LocalIOError(
                f"{self._shown}: there is no folder {self.file.parent}", hint="create it first"
            ) from None
        except (OSError, RuntimeError) as error:  # a loop of links raises RuntimeError up to Python 3.12
            why = error.strerror if isinstance(error, OSError) else "a loop of symbolic links"
            raise LocalIOError(f"{self._shown}: {why}") from None
        self._refuse_owned(folder)
        with naming(self._shown, "opening its folder"):
            return ProjectDirectory(folder)

    def _refuse_owned(self, folder: Path) -> None:
        Output(self.file.name, b"")  # raises for a name that leads elsewhere or can't be printed
        for project in _projects(folder):
            parts = (folder / self.file.name).relative_to(project).parts
            if why := owned(parts, _written(project)):
                raise RefusedError(f"{self._shown}: it {why}", hint="name another file")

    def _seen(self, root: ProjectDirectory) -> Seen | None:
        try:
            seen = see(root.make(()), self.file.name, self._shown, read=True)
        except RefusedError as error:
            raise RefusedError(f"{self._shown}: {error.problems[0].message}", hint="name another file") from None
        if seen is not None and seen.content and not self.is_own(seen.content):
            raise RefusedError(
                f"{self._shown}: there is a file that `{self.option}` did not write",
                hint="remove it, or name another file",
            )
        return seen


def _projects(folder: Path) -> Iterator[Path]:
    """The folder and those above it that are projects."""
    for above in (folder, *folder.parents):
        try:
            if (above / SPEC_FILE).exists() or (above / STATE_DIRECTORY).exists():
                yield above
        except OSError:
            continue  # not readable


def _written(project: Path) -> frozenset[str]:
    with ProjectDirectory(project) as root:
        state = read_state(root)
    return state.paths | frozenset(state.manifest.kept if state.manifest else ())


def owned(parts: tuple[str, ...], written: Collection[str] = ()) -> str:
    """Why a report can't be written to a path below a project's folder, in words; "" if it can.

    `written` are the paths that edgegen wrote there. A file that is there is also judged by its content. Case is
    ignored, because some file systems ignore it.
    """
    folded = tuple(part.casefold() for part in parts)
    if "/".join(folded) in {path.casefold() for path in written}:
        return "is a file that edgegen wrote"
    if folder := next((part for part in folded[:-1] if part in _FOLDERS_ANYWHERE), ""):
        return f"is in `{folder}`, where reports can't be written"
    if len(folded) > 1 and _FOLDERS.fullmatch(folded[0]):
        return f"is in `{parts[0]}`, where edgegen keeps files of the project"
    if _NAMES.fullmatch(folded[-1]):
        return "has the name of a file that belongs to the project"
    return ""
