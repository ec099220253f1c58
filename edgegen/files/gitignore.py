"""`.gitignore`: certificates, passwords and secrets never reach a repository."""

from __future__ import annotations

from collections.abc import Iterable

from edgegen.core.errors import Problem
from edgegen.system.atomic import TEMP_PREFIX

FILE = ".gitignore"
ALWAYS = (
    "/acme/",
    "/secrets/",
    "/.edgegen/",
    "*.env",
    ".env",
    "htpasswd",
    "/traefik/dynamic/users-*.yml",
    "*.bak",
    "*.bak.*",
    f"{TEMP_PREFIX}*",
)


def content(lines: Iterable[str] = ALWAYS) -> bytes:
    """The file for a project that has none."""
    return (
        "# Certificates, passwords and secrets: never into a repository.\n" + "".join(f"{x}\n" for x in lines)
    ).encode()


def missing_lines(present: bytes) -> list[str]:
    """The lines that an existing file lacks."""
    have = {line.strip() for line in present.decode("utf-8", "replace").splitlines()}
    return [line for line in ALWAYS if line not in have]


def completed(present: bytes) -> bytes:
    """An existing file with the missing lines added at its end; its own lines don't change."""
    lines = missing_lines(present)
    if not lines:
        return present
    gap = b"" if not present or present.endswith(b"\n") else b"\n"
    return present + gap + content(lines)


def remarks(present: bytes | None) -> list[Problem]:
    """A warning where an existing file lacks lines."""
    lines = missing_lines(present) if present is not None else []
    return [
        Problem(f"`.gitignore` does not name {', '.join(lines)}: secrets could be committed", hint="add the lines")
    ] * bool(lines)
