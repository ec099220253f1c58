"""What a target needs to name things by what they hold: the contents of files, and the project's own key.

A rendered file is committed, and the plain hash of a short password could be guessed: names of secrets have a hash with
a key, which is made once and stays on this machine.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import EdgegenError, Problem, RefusedError
from edgegen.core.location import Location, path_text
from edgegen.core.location import Path as At
from edgegen.desired.build import Desired
from edgegen.desired.edge import relative
from edgegen.files import Output, read_project_file
from edgegen.files.output import PRIVATE, STATE_DIRECTORY
from edgegen.kinds.composed import composed
from edgegen.spec.load import LoadedSpec
from edgegen.spec.variables import evaluate
from edgegen.system.read import read_bounded
from edgegen.targets import Contents
from edgegen.targets.contents import hashes_in, plain_path, text_path

KEY = f"{STATE_DIRECTORY}/naming.key"
MAX_BYTES = 500_000
"""Swarm's own limit for a config."""
_BYTES = 32


class Naming(Struct, frozen=True):
    """The contents that names follow, and the files that exist only for them."""

    contents: Contents
    outputs: tuple[Output, ...] = ()


def naming(
    project: Path,
    loaded: LoadedSpec,
    desired: Desired,
    values: Mapping[str, str],
    outputs: Iterable[Output],
    *,
    compared: bool,
) -> Naming:
    """Reads what services mount and no render writes. `outputs`: what a render writes, later ones instead of earlier.

    `compared`: nothing is written, so no key is made: without one, names of secrets stay as they are.
    Raises LocalIOError for a file that can't be read, RefusedError for a key that is too short to be one.
    """
    if not desired.target.files_are_sent:
        return Naming(Contents())
    texts = tuple(_texts(desired, values))
    files = {item.path: item.content for item in (*outputs, *texts)}
    files |= dict(_user_files(project, loaded, desired, values))
    present = read_project_file(project, KEY)
    if present is None and compared:
        return Naming(Contents(files, None, _written(project, desired)), texts)
    key = present or secrets.token_hex(_BYTES).encode() + b"\n"
    if len(key.strip()) < _BYTES:
        raise RefusedError(
            "the key is too short to hide anything",
            where=Location(str(project / KEY)),
            hint="restore it from a backup, or remove it: the next `edgegen up` then gives every secret a new name",
        )
    return Naming(Contents(files, key.strip()), (*texts, Output(KEY, key, PRIVATE, keep=True)))


def _texts(desired: Desired, values: Mapping[str, str]) -> Iterator[Output]:
    """Configs whose text is in the spec, as files: `docker stack` only takes files. Private ones, because the values of
    variables are in them."""
    for name, source in desired.spec.configs.items():
        if source.content is not None:
            yield Output(text_path(name), evaluate(source.content, values).text.encode(), PRIVATE)


def _user_files(
    project: Path, loaded: LoadedSpec, desired: Desired, values: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The user's own files that become configs, by the path that the target has for them."""
    spec = desired.spec
    for name, source in spec.configs.items():
        if source.file:
            path = evaluate(source.file, values).text
            yield _known(source.file), _read(project / path, loaded, ("configs", name, "file"))
    if spec.acme.ca_file and spec.has_own_edge and not spec.acme.is_local:
        yield _known(spec.acme.ca_file), _read(project / spec.acme.ca_file, loaded, ("acme", "ca_file"))


def _known(path: str) -> str:
    """The path as the target has it, with variables."""
    return plain_path(str.__str__(composed(relative(path))))


def _read(path: Path, loaded: LoadedSpec, at: At) -> bytes:
    try:
        return read_bounded(path.expanduser(), MAX_BYTES)
    except EdgegenError as error:
        said = (f"`{path}`: {item.message}" for item in error.problems)
        problems = [Problem(message, loaded.locate(at), path_text(at)) for message in said]
        raise type(error)(problems) from None


def _written(project: Path, desired: Desired) -> dict[str, str]:
    try:
        present = read_project_file(project, desired.target.file_name)
    except EdgegenError:
        return {}  # what is wrong with it is reported where it is compared
    return hashes_in(present) if present else {}
