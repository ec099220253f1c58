"""The system's authorities: OpenSSL reads all of its file at once, or from its folder only those that a chain needs.

The file is a quarter of what `verify` of one host costs: OpenSSL 3 takes 0.1 ms for each certificate.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path

from edgegen.core.errors import EdgegenError
from edgegen.system.read import read_bounded

_BEGIN, _CERTIFICATE, _END = b"-----BEGIN ", b"CERTIFICATE-----", b"-----END CERTIFICATE-----"
_BY_HASH = re.compile(r"[0-9a-f]{8}\.(?:0|[1-9][0-9]*)")
"""A file's name in the folder: OpenSSL finds it by the hash of the subject, and counts up until a number is missing."""
_MOST_BYTES = 16 * 1024 * 1024
"""Of the file: the authorities of the whole web are half a megabyte."""
_MOST_OF_ONE = 1 << 16


def complete_folder() -> str | None:
    """The folder, where it has every certificate that the file has; else None, and the file must be read."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile is None or paths.capath is None:
        return None
    try:
        wanted = _certificates(read_bounded(Path(paths.cafile), _MOST_BYTES))
        if wanted and wanted <= {*_in_folder(paths.capath)}:
            return paths.capath
    except (EdgegenError, OSError):  # OpenSSL may read what is odd here, like a pipe, or leave out what it can't read
        return None
    return None


def _in_folder(folder: str) -> Iterator[bytes]:
    """Those that OpenSSL finds: of a file with several, the hash in its name is that of only one."""
    with os.scandir(folder) as entries:
        files = {entry.name: entry.path for entry in entries if _BY_HASH.fullmatch(entry.name) and entry.is_file()}
    for name, path in files.items():
        subject, _, number = name.partition(".")
        if all(f"{subject}.{before}" in files for before in range(int(number))):
            found = _certificates(_beginning(path))
            yield from found if len(found) == 1 else ()


def _beginning(file: str) -> bytes:
    """There are hundreds, and each has one certificate: what is cut off makes the file be read instead."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(descriptor, _MOST_OF_ONE)
    finally:
        os.close(descriptor)


def _certificates(pem: bytes) -> frozenset[bytes]:
    """What is between the lines of each certificate; nothing where the text has other things, whose meaning is lost."""
    _, *parts = pem.split(_BEGIN)
    if not all(part.startswith(_CERTIFICATE) and _END in part for part in parts):
        return frozenset()
    return frozenset(part[len(_CERTIFICATE) : part.index(_END)].strip() for part in parts)
