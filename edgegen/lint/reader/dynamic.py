"""The dynamic files that a Traefik's file provider reads: one, or all of a folder and the folders below it.

Source: Traefik's pkg/provider/file/file.go. A folder wins where both are set.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from edgegen.core.location import Location
from edgegen.lint.model import Disk, Dynamic, Gap, Static, Value
from edgegen.lint.reader.container import Container
from edgegen.lint.reader.disk import LIMIT
from edgegen.lint.reader.documents import language_of, read_document
from edgegen.lint.reader.inline import inline_document
from edgegen.lint.sources import Document, Place, Seen

_DEPTH = 8
FOLDER, SINGLE = "providers.file.directory", "providers.file.filename"


class Found(Struct, frozen=True, eq=False):
    """What a file provider reads."""

    place: Place | None = None
    files: tuple[Dynamic, ...] = ()
    hidden: bool = False
    gaps: tuple[Gap, ...] = ()


def dynamic_of(container: Container, static: Static) -> Found:
    """The files of one Traefik."""
    for option in (FOLDER, SINGLE):
        value = static.get(option)
        if value is not None and (value.text or not value.known):
            return _at(container, value, option == FOLDER)
    return Found(hidden=static.hidden)


def _at(container: Container, value: Value, is_folder: bool) -> Found:
    if not value.known:
        return Found(Place(Seen.HIDDEN), hidden=True)
    place = container.at(value.text)
    if is_folder:
        whole = place.seen is Seen.FOLDER
        return _folder(container.disk, place) if whole else _configs(container, place, value)
    if place.seen is Seen.TEXT:
        document = inline_document(value.text, place, templates=True)
        return Found(place, (of_document(document),)) if document else Found(place, hidden=True)
    if place.seen is Seen.FILE and language_of(value.text):
        return _single(container.disk, place, value)
    gaps = (_gap(value, place),) if place.seen is Seen.HIDDEN else ()
    return Found(place, hidden=place.seen is not Seen.FILE, gaps=gaps)


def _configs(container: Container, place: Place, value: Value) -> Found:
    """A folder that no mount is: configs or single files may be mounted into it."""
    start = value.text.rstrip("/") + "/"
    targets = sorted({mount.target for mount in container.service.mounts if mount.target.startswith(start)})
    if not targets and place.seen is not Seen.NOTHING:
        return Found(place, hidden=True, gaps=(_gap(value, place),))
    files: list[Dynamic] = []
    hidden = place.seen is Seen.HIDDEN
    for target in targets:
        inside = container.at(target)
        if not language_of(target) and inside.seen is not Seen.FOLDER:
            continue
        if inside.seen is Seen.TEXT:
            document = inline_document(target, inside, templates=True)
        elif inside.seen is Seen.FILE:
            document = _read(container.disk, inside.path)
        elif inside.seen is Seen.FOLDER:
            files += _folder(container.disk, inside).files
            continue
        else:
            document = None
        if document is None:
            hidden = True
        else:
            files.append(of_document(document, folder=value.text))
    return Found(Place(Seen.FOLDER, mount=place.mount) if targets else place, tuple(files), hidden)


def _single(disk: Disk, place: Place, value: Value) -> Found:
    document = _read(disk, place.path)
    if document is None:
        return Found(place, hidden=True, gaps=(_gap(value, place),))
    return Found(place, (of_document(document),))


def _folder(disk: Disk, place: Place) -> Found:
    files: list[Dynamic] = []
    gaps: list[Gap] = []
    for path in paths(disk, place.path):
        document = _read(disk, path)
        if document is None:
            gaps.append(
                Gap(f"{disk.shown(path)} can't be read, so its routers are unknown", where=Location(disk.shown(path)))
            )
        else:
            files.append(of_document(document, folder=place.path))
    return Found(place, tuple(files), bool(gaps), tuple(gaps))


def paths(disk: Disk, folder: str, depth: int = _DEPTH) -> Iterator[str]:
    """Every file of a folder that the file provider reads, in its order."""
    for name in disk.listing(folder):
        path = posixpath.join(folder, name)
        if language_of(name) and disk.kind(path) == "file":
            yield path
        elif depth and disk.kind(path) == "folder":
            yield from paths(disk, path, depth - 1)


def of_document(document: Document, folder: str = "", *, named: bool = True) -> Dynamic:
    """A dynamic file of what was read."""
    return Dynamic(document.file, document.data, folder, document.template, document, named)


def _read(disk: Disk, path: str) -> Document | None:
    content = disk.read(path, LIMIT)
    return None if content is None else read_document(disk.shown(path), path, content, templates=True)


def _gap(value: Value, place: Place) -> Gap:
    where = f"{place.path} is not here" if place.path else "it is in a volume, or outside of this project"
    return Gap(f"the dynamic files of {value.text} could not be read: {where}", value.spot)
