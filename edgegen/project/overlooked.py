"""Compose's override files, where the target doesn't read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from edgegen.compose.model import OVERRIDES
from edgegen.core.errors import Problem
from edgegen.core.location import Location
from edgegen.targets import Target


def overlooked(project: Path, target: Target) -> Iterator[Problem]:
    """The first override file of the project, if nothing of it counts."""
    if target.overrides:
        return
    for path in (project / name for name in OVERRIDES):
        if path.is_file():
            yield Problem(
                f"{target.file_name} is deployed without this file: `docker stack` has no override files",
                Location(str(path)),
                hint="move what you need into `extra:` of edge.yaml, and remove the file",
            )
            return
