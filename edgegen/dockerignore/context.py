"""Which files of a context reach the builder. Sources: moby's pkg/archive (classic), tonistiigi/fsutil (BuildKit)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from edgegen.dockerignore.pattern import Pattern


class Builder(StrEnum):
    """They read the same patterns, and differ in which excluded folders they look into for exceptions."""

    CLASSIC = "the classic builder"
    BUILDKIT = "BuildKit"


def reaches_builder(path: str, patterns: Sequence[Pattern], builder: Builder) -> bool:
    """Whether the file at `path`, relative to the context, is sent. It need not exist."""
    parts = path.split("/")
    matched: tuple[bool, ...] = ()
    for depth in range(1, len(parts)):
        folder = "/".join(parts[:depth])
        excluded, matched = _judge(folder, patterns, matched)
        if excluded and not _is_entered(folder, patterns, builder):
            return False
    return not _judge(path, patterns, matched)[0]


def _judge(path: str, patterns: Sequence[Pattern], parent: tuple[bool, ...]) -> tuple[bool, tuple[bool, ...]]:
    """Whether the last pattern that counts excludes the path, and which patterns name it or a folder above it.

    A pattern that could change nothing is not asked, and then holds for nothing below either: this is Docker's way.
    """
    excluded = False
    matched = []
    for index, pattern in enumerate(patterns):
        match = bool(parent) and parent[index]
        if not match and pattern.exception == excluded:
            match = pattern.matches(path)
        matched.append(match)
        if match:
            excluded = not pattern.exception
    return excluded, tuple(matched)


def _is_entered(folder: str, patterns: Sequence[Pattern], builder: Builder) -> bool:
    """Whether an excluded folder is searched for exceptions.

    BuildKit skips it only where no exception can match. The classic builder takes an exception for a plain path.
    """
    if builder is Builder.BUILDKIT:
        return True
    return any(f"{pattern.text}/".startswith(f"{folder}/") for pattern in patterns if pattern.exception)
