"""What is on the disk where a builder or a container would see it: collected here, judged by the rules."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from edgegen.core.errors import EdgegenError
from edgegen.desired.build import Desired
from edgegen.files import Output, dockerignore
from edgegen.files.lock import STACK
from edgegen.files.manifest import MANIFEST
from edgegen.files.output import STATE_DIRECTORY, is_private
from edgegen.files.values import FILE, Values
from edgegen.rules.exposure import Kind, exposures
from edgegen.rules.inventory import IgnoreFile, Inventory, ignore_paths
from edgegen.spec.edge import Spec
from edgegen.system.atomic import TEMP_NAME
from edgegen.system.read import read_bounded

PRIVATE_FOLDERS = ("acme", "secrets", STATE_DIRECTORY)
_PUBLIC = frozenset(f"{STATE_DIRECTORY}/{name}" for name in ("schema.json", "lock", STACK))
_LONGEST_IGNORE_FILE = 1 << 20
_NO_SUCH_PATH = (errno.ENAMETOOLONG, errno.ELOOP)
"""A path that can't exist, for Docker either."""


def user_secret_files(spec: Spec, environ: Mapping[str, str]) -> list[str]:
    """The files that the user named as secrets, as written; `.env` if a secret comes from it."""
    sources = spec.secrets.values()
    variables = [f"{source.env}_FILE" for source in sources if source.env and not environ.get(source.env)]
    named = [source.file for source in sources if source.file]
    if any(isinstance(environ, Values) and source.env and environ.is_from_file(source.env) for source in sources):
        named.append(FILE)
    return [*named, *(path for variable in variables if (path := environ.get(variable)))]


def take_inventory(
    project: Path, desired: Desired, outputs: Sequence[Output], environ: Mapping[str, str], ignore_to_come: bytes
) -> Inventory:
    """Everything that the rules need to know. `outputs` is what this render writes."""
    spec = desired.spec
    root = os.path.realpath(project)
    home = environ.get("HOME", "~")
    real = cache(os.path.realpath)  # of folders: a thousand mounts are in a few
    places = {exposure: _place(root, exposure.source, home, real) for exposure in exposures(spec)}
    if not places:
        return Inventory(root, ())
    named = [_real(root, file) for file in user_secret_files(spec, environ)]
    written = [f"{root}/{path}" for path in (*_secret_outputs(outputs), *_found(project, outputs))]
    ignores = {
        path: file
        for exposure, place in places.items()
        if exposure.kind is not Kind.MOUNT
        for path in ignore_paths(exposure, place)
        if (file := _ignore_file(Path(path)))
    }
    if not os.path.lexists(project / dockerignore.FILE):
        ignores[f"{root}/{dockerignore.FILE}"] = IgnoreFile(ignore_to_come)
    return Inventory(
        project=root,
        secrets=tuple(sorted({*named, *written})),
        private=tuple(f"{root}/{folder}" for folder in PRIVATE_FOLDERS),
        places=places,
        ignores=ignores,
        mounted_by_edgegen=frozenset(_place(root, source, home, real) for source in _edge_mounts(desired)),
    )


def within(project: Path, files: Iterable[str]) -> list[str]:
    """The files that are in the project, relative to it."""
    root = os.path.realpath(project)
    paths = [PurePosixPath(_real(root, file)) for file in files]
    return [path.relative_to(root).as_posix() for path in paths if path.is_relative_to(root)]


def _place(root: str, source: str, home: str, real: Callable[[str], str]) -> str:
    """A path of a Compose file, without links. Compose resolves `~` and `..` before any link is followed."""
    source = f"{home}/{source[1:]}" if source.startswith("~") else source
    folder, name = os.path.split(os.path.normpath(Path(root, source)))
    path = os.path.join(real(folder), name)  # noqa: PTH118  # a thousand times
    return os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114  # as above


def _real(root: str, file: str) -> str:
    return os.path.realpath(Path(root, file))


def _secret_outputs(outputs: Sequence[Output]) -> Iterator[str]:
    yield f"{STATE_DIRECTORY}/{MANIFEST}"  # it has hashes of secret files, from which they could be guessed
    yield from (output.path for output in outputs if output.is_secret)


def _found(project: Path, outputs: Sequence[Output]) -> Iterator[str]:
    """What earlier runs left: the files of the private folders, and backups and unfinished files next to the others."""
    for folder in PRIVATE_FOLDERS:
        for path, _, names in os.walk(project / folder):
            found = (Path(path, name).relative_to(project).as_posix() for name in names)
            yield from (name for name in found if name not in _PUBLIC)
    for output in outputs:
        if output.is_secret and not is_private(output.parts[:1]):
            yield from _beside(project, PurePosixPath(output.path))


def _beside(project: Path, output: PurePosixPath) -> Iterator[str]:
    try:
        names = [path.name for path in (project / output.parent).iterdir()]
    except OSError:
        return  # not made yet; what can't be read is reported when it is written
    for name in names:
        if name.startswith(f"{output.name}.bak") or TEMP_NAME.fullmatch(name):
            yield str(output.with_name(name))


def _ignore_file(path: Path) -> IgnoreFile | None:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a dangling link is nothing, for Docker too
        return None
    except OSError as error:
        return None if error.errno in _NO_SUCH_PATH else IgnoreFile(fault=f"can't be read: {error.strerror}")
    leaves = not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(path.parent))
    try:
        return IgnoreFile(read_bounded(path, _LONGEST_IGNORE_FILE), leaves)
    except EdgegenError as error:
        return IgnoreFile(fault=f"can't be read: {error.problems[0].message}")


def _edge_mounts(desired: Desired) -> Iterator[str]:
    """Sources of the mounts that edgegen itself wrote: a user who replaces the list repeats them."""
    for name, service in desired.file.services.items():
        if name in desired.spec.services and not desired.spec.services[name].is_registry:
            continue
        yield from (mount.source for mount in service.own_mounts)
