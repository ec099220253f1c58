"""All files of one project: Compose files, and Traefik's own files that were named with them or without them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from edgegen.lint.model import Disk, Dynamic, Gap, Mode, Project, Spot, Traefik
from edgegen.lint.reader.disk import LIMIT
from edgegen.lint.reader.documents import language_of
from edgegen.lint.reader.dynamic import of_document as dynamic_of
from edgegen.lint.reader.kinds import FileKind, kind_of
from edgegen.lint.reader.project import read_project
from edgegen.lint.reader.static_meant import as_meant
from edgegen.lint.reader.static_sources import of_document as static_of
from edgegen.lint.sources import Document
from edgegen.traefik.version import Version


def read_files(
    names: Sequence[str],
    disk: Disk,
    *,
    folder: str = ".",
    environ: Mapping[str, str] | None = None,
    wanted: Version | None = None,
) -> Project:
    """One project of files of any kind. Raises SpecError for a Compose file that is not YAML, with its place."""
    compose: list[str] = []
    statics: list[Document] = []
    dynamics: list[Document] = []
    for name in names:
        content = disk.read(name, LIMIT)
        kind, document = kind_of(disk.shown(name), name, content) if content is not None else (FileKind.COMPOSE, None)
        if document is None:
            compose.append(name)  # or it can't be read, which the next reader says
        else:
            (statics if kind is FileKind.STATIC else dynamics).append(document)
    if compose:
        project = read_project(compose, disk, folder=folder, environ=environ, wanted=wanted)
    else:
        project = Project(folder, None, Mode.UNCLEAR, wanted=wanted, disk=disk)
    return _with(project, statics, dynamics, disk) if statics or dynamics else project


def _with(project: Project, statics: Sequence[Document], dynamics: Sequence[Document], disk: Disk) -> Project:
    known = {posixpath.normpath(file.path) for file in project.files}
    files = [item for item in (*statics, *dynamics) if posixpath.normpath(item.file.path) not in known]
    added = [dynamic_of(item, posixpath.dirname(item.file.path) or ".") for item in dynamics if item in files]
    mounted = {posixpath.normpath(item.file.path) for item in project.dynamic}
    around = [item for item in _neighbours(added, disk) if posixpath.normpath(item.file.path) not in mounted]
    traefiks = [_traefik(item, added, project.wanted) for item in statics if item in files]
    return replace(
        project,
        files=(*project.files, *(item.file for item in files)),
        traefiks=(*project.traefiks, *traefiks),
        dynamic=(*project.dynamic, *added, *around),
        gaps=(*project.gaps, *(gap for item in files for gap in _gaps(item))),
    )


def _traefik(document: Document, dynamic: Sequence[Dynamic], wanted: Version | None) -> Traefik:
    static = as_meant(static_of(document), wanted)
    reads_files = static.has("providers.file") or static.hidden
    return Traefik(None, static, None, Spot(document.file), tuple(dynamic), files_hidden=reads_files)


def _neighbours(named: Sequence[Dynamic], disk: Disk) -> Iterator[Dynamic]:
    """Dynamic files next to those that were named: a Traefik that reads their folder reads these, too."""
    seen = {posixpath.normpath(item.file.path) for item in named}
    for folder in dict.fromkeys(item.folder for item in named):
        for name in disk.listing(folder):
            path = posixpath.normpath(posixpath.join(folder, name))
            if path in seen or not language_of(name) or disk.kind(path) != "file":
                continue
            kind, document = kind_of(disk.shown(path), path, disk.read(path, LIMIT) or b"")
            if kind is FileKind.DYNAMIC and document is not None:
                yield dynamic_of(document, folder, named=False)


def _gaps(document: Document) -> Iterator[Gap]:
    if document.unsure is not None:
        yield Gap(f"edgegen can't read it: {document.unsure.message}", where=document.unsure.where)
    elif document.template:
        message = "it has Go templates (`{{ … }}`), so what Traefik reads of it can't be seen"
        yield Gap(message, Spot(document.file))
