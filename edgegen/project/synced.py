"""Whether a folder has ever written to a DNS provider. Knows nothing of DNS, so that `render` can ask it."""

from __future__ import annotations

from pathlib import Path

from edgegen.files.output import STATE_DIRECTORY


def has_synced(project: Path) -> bool:
    """Whether a sync from this folder has ever locked a zone: records with the project's mark may be out there."""
    return any((project / STATE_DIRECTORY / "locks").glob("*.lock"))
