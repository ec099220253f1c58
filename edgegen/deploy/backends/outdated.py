"""Containers that still see the contents of a file from before it was replaced.

A file is mounted by its inode, and each atomic write makes a new inode. A running container keeps the old one, and
Compose doesn't see a reason to recreate it.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from edgegen.compose.model import CONFIG_LABEL
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.model import Project

_RENDERED = "traefik"
"""The folder whose files edgegen renders."""


def outdated_services(
    project: Project, folder: Path, present: Iterable[ContainerSeen], changed: Mapping[str, float] | None = None
) -> list[str]:
    """Services with a running container that is older than a secret, a config or a rendered file that it mounts.

    `changed` are the times of the files on another host, where the disk here says nothing.
    """
    written = dict(_written(project, folder, _time if changed is None else changed.get))
    own = {service.name for service in project.services}
    ours = (item for item in present if item.project == project.name and item.service in own)
    return sorted({item.service for item in ours if _is_outdated(item, written)})


def _written(project: Project, folder: Path, time: Callable[[str], float | None]) -> Iterator[tuple[str, float]]:
    """File -> when its contents were written.

    The header of a rendered file changes with edge.yaml. If a label has the digest of the rest, Compose itself sees
    whether that has changed.
    """
    rendered = folder.absolute() / _RENDERED
    digested = {f"services.{service.name}" for service in project.services if CONFIG_LABEL in service.labels}
    for file in project.host_files:
        is_rendered = Path(file.source).is_relative_to(rendered) and file.owner not in digested
        if is_rendered or file.owner.startswith(("secrets.", "configs.")):
            found = time(file.source)
            if found is not None:
                yield file.source, found


def _time(source: str) -> float | None:
    try:
        facts = Path(source).stat()
    except OSError:
        return None  # Compose reports it
    # A copied file may have a time in the future: its container would be recreated at each start.
    return min(facts.st_mtime, facts.st_ctime) if stat.S_ISREG(facts.st_mode) else None


def _is_outdated(container: ContainerSeen, written: Mapping[str, float]) -> bool:
    try:
        started = datetime.fromisoformat(container.started).timestamp()
    except (ValueError, OverflowError, OSError):
        return False
    return container.state == "running" and any(written.get(file, 0) > started for file in container.mounts.values())
