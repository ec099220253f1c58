"""What earlier runs left in a folder limits what a command may do there.

Without it, `edgegen up` in a folder that holds the files of `-e dev` would silently turn them into production files.
"""

from __future__ import annotations

from pathlib import Path

from edgegen.core.errors import RefusedError
from edgegen.files.manifest import last_environment
from edgegen.files.output import STATE_DIRECTORY
from edgegen.spec import BASE


def refuse_unnamed(project: Path, environment: str | None) -> None:
    """Before rendering: raises RefusedError if the folder has another environment's files and none is named."""
    last = last_environment(project)
    if environment is None and last is not None:
        raise RefusedError(
            f"this folder was last rendered with `-e {last}`, and no environment is named",
            hint=f"add `-e {last}` to keep it, or `-e {BASE}` for edge.yaml without an environment",
        )


def refuse_other(project: Path, environment: str | None) -> None:
    """Before rendered files are used: raises RefusedError if they belong to another environment than the one named."""
    last = last_environment(project) or BASE
    if environment is not None and environment != last:
        raise RefusedError(
            f"this folder was last rendered with `-e {last}`, not with `-e {environment}`",
            hint=f"use `-e {last}`, or run `edgegen render -e {environment}` first",
        )


def has_synced(project: Path) -> bool:
    """Whether a sync from this folder ever locked a zone: records with the project's mark may exist."""
    return any((project / STATE_DIRECTORY / "locks").glob("*.lock"))
