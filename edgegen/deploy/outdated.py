"""Containers that still see what a file held before it was replaced.

A file is mounted by its inode, and a file that is written whole is another inode each time: a running container keeps
the old one, and Compose sees no reason to make it anew.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from edgegen.deploy.containers import ContainerSeen, containers
from edgegen.deploy.session import Session

_RENDERED = "traefik"
"""The folder whose files edgegen renders."""


def outdated_services(session: Session) -> list[str]:
    """Services with a running container that is older than a secret, a config or a rendered file that it mounts.

    Raises OutsideError where the engine does not answer. A project without such files costs no question.
    """
    written = dict(_written(session))
    if not written:
        return []
    own = {service.name for service in session.project.services}
    found = {item.service for item in containers(session.runner, session.project.name) if _is_outdated(item, written)}
    return sorted(found & own)


def _written(session: Session) -> Iterator[tuple[str, float]]:
    """File -> when its content was written."""
    folder = session.stack.project.absolute() / _RENDERED
    for file in session.project.host_files:
        if file.owner.startswith(("secrets.", "configs.")) or Path(file.source).is_relative_to(folder):
            try:
                facts = Path(file.source).stat()
            except OSError:
                continue  # Compose tells about it
            if stat.S_ISREG(facts.st_mode):
                yield file.source, facts.st_mtime


def _is_outdated(container: ContainerSeen, written: Mapping[str, float]) -> bool:
    try:
        started = datetime.fromisoformat(container.started).timestamp()
    except (ValueError, OverflowError, OSError):
        return False
    return container.state == "running" and any(written.get(file, 0) > started for file in container.mounts.values())
