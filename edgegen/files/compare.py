"""Compares outputs with the disk, for `render --check` and `render --diff`. Writes nothing, not even the lock."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from edgegen.files.difference import unified
from edgegen.files.manifest import read_state
from edgegen.files.output import Output, is_secret
from edgegen.files.safe_open import ProjectDirectory
from edgegen.files.survey import Judged, Standing, private_directories, survey


class Difference(Struct, frozen=True):
    """One difference between the disk and what a render would leave. `stale` is a file that a render would remove."""

    path: str
    kind: Literal["missing", "content", "mode", "stale"]
    detail: str


def check_outputs(project: Path, outputs: Sequence[Output]) -> tuple[Difference, ...]:
    """What a render would change, in the order of the outputs. Raises RefusedError where a render would."""
    with ProjectDirectory(project) as root:
        found = survey(root, outputs, read_state(root))
        differences = [difference for item in found.judged for difference in _of_file(item)]
        differences += _of_directories(root, outputs)
    return (*differences, *(Difference(path, "stale", "is no longer rendered") for path in found.stale))


def diff_outputs(project: Path, outputs: Sequence[Output]) -> str:
    """A unified diff from the disk to what a render would leave. Secrets are only reported as different."""
    with ProjectDirectory(project) as root:
        found = survey(root, outputs, read_state(root))
        lines = [line for item in found.judged for line in _diff(item)]
        for path in found.stale:
            lines += _stale_diff(root, path)
    return "".join(f"{line}\n" for line in lines)


def _of_file(item: Judged) -> list[Difference]:
    path = item.output.path
    if item.seen is None:
        return [Difference(path, "missing", "is missing")]
    differences = []
    if item.is_somebodys:
        differences.append(Difference(path, "content", f"is {item.standing.value}"))
    elif item.standing is Standing.OURS:
        differences.append(Difference(path, "content", "is out of date"))
    elif item.standing is Standing.LINE_ENDS:
        differences.append(Difference(path, "content", f"is {item.standing.value}"))
    if item.has_wrong_mode:
        differences.append(Difference(path, "mode", f"has mode {item.seen.mode:04o} instead of {item.output.mode:04o}"))
    return differences


def _of_directories(root: ProjectDirectory, outputs: Sequence[Output]) -> list[Difference]:
    differences = []
    for parts in private_directories(root, outputs):
        opened = root.find(parts)
        mode = 0o700 if opened is None else stat.S_IMODE(os.fstat(opened).st_mode)
        if mode != 0o700:
            differences.append(Difference("/".join(parts), "mode", f"has mode {mode:04o} instead of 0700"))
    return differences


def _diff(item: Judged) -> list[str]:
    output = item.output
    if item.standing in (Standing.KEPT, Standing.SAME):
        return []
    if item.standing is Standing.LINE_ENDS:
        return [f"{output.path}: {item.standing.value}"]
    if output.is_secret:
        return [f"{output.path}: differs (a secret, not shown)" if item.seen else f"{output.path}: is missing"]
    return unified(output.path, item.seen.content if item.seen else None, output.content)


def _stale_diff(root: ProjectDirectory, path: str) -> list[str]:
    parts = tuple(path.split("/"))
    seen = root.see(parts)
    if seen is None:
        return []
    if is_secret(parts, seen.mode):
        return [f"{path}: is no longer rendered (a secret, not shown)"]
    return unified(path, seen.content, None)
