"""`.dockerignore`: certificates, passwords and secrets never reach an image."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from edgegen.core.errors import LocalIOError
from edgegen.files import Output

FILE = ".dockerignore"
ALWAYS = (
    "acme",
    "secrets",
    ".edgegen",
    "traefik/auth",
    "traefik/dynamic/users-*.yml",
    "**/htpasswd",
    "**/*.env",
    "**/*.bak",
    "**/*.bak.*",
    "**/.edgegen-tmp-*",
    "edge.yaml",
)
_ABOUT = "# Certificates, passwords and secrets: never into an image. Made once; from now on the file is yours.\n"


def content(secret_files: Iterable[str] = ()) -> bytes:
    """The file for a project that has none. `secret_files` are those of the user, relative to the project."""
    lines = dict.fromkeys([*ALWAYS, *map(_line, secret_files)])
    return (_ABOUT + "".join(f"{line}\n" for line in lines)).encode(errors="surrogateescape")


def _line(file: str) -> str:
    from edgegen.dockerignore import line_for  # all of Docker's patterns, for the few projects with such files

    return line_for(file)


def outputs(project: Path, made: bytes) -> list[Output]:
    """The file as an output, to be made where there is none. A link in its place is the user's, and works."""
    try:
        mode = (project / FILE).lstat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    except OSError as error:
        raise LocalIOError(f"can't look at `{project / FILE}`: {error.strerror}") from None
    return [Output(FILE, made, keep=True)] if stat.S_ISREG(mode) else []
