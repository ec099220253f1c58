"""A temporary folder in which a socket has a place: its whole path may have a hundred bytes."""

from __future__ import annotations

import os
import tempfile

SOCKET = "docker.sock"
_LONGEST = 103
"""Bytes of a socket's path on macOS; Linux has four more."""


def short_folder(prefix: str) -> tempfile.TemporaryDirectory[str]:
    """In TMPDIR, or where that is too deep, in /tmp."""
    room = _LONGEST - len(f"/{prefix}xxxxxxxx/{SOCKET}")
    is_deep = len(os.fsencode(tempfile.gettempdir())) > room
    return tempfile.TemporaryDirectory(prefix=prefix, dir="/tmp" if is_deep else None)  # noqa: S108 - its name is new
