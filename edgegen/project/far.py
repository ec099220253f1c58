"""A project's folder on another host, and the name by which this folder here is known there."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from edgegen.deploy.remote.folder import FarFolder, Source
from edgegen.deploy.runner import Runner
from edgegen.files import lock, put_file, read_project_file
from edgegen.files.output import PRIVATE, STATE_DIRECTORY

COPY = f"{STATE_DIRECTORY}/copy"
"""A random name, made once. A clone of the project has other secrets: it must not replace those of a host."""
_NAME = re.compile(r"[0-9a-f]{32}")


def far_folder(project: Path, runner: Runner, host: str, remote_dir: str, *, force: bool = False) -> FarFolder:
    """Where the project's files go if the engine is that of another host; connects only then."""
    source = Source(project, os.uname().nodename, lambda make: copy_name(project, make=make), force)
    return FarFolder(runner, source, host, remote_dir)


def copy_name(project: Path, *, make: bool) -> str:
    """The name of this folder; "" where it has none and `make` is not set."""
    found = _read(project)
    if found or not make:
        return found
    with lock(project):
        if found := _read(project):
            return found
        made = secrets.token_hex(16)
        put_file(project, COPY, f"{made}\n".encode(), mode=PRIVATE, existing="replace")
        return made


def _read(project: Path) -> str:
    text = (read_project_file(project, COPY) or b"").decode("ascii", "replace").strip()
    return text if _NAME.fullmatch(text) else ""
