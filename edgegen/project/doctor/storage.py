"""Room on the disks, and how long the stored certificates are valid."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from edgegen.core.errors import EdgegenError, OutsideError
from edgegen.core.finding import Finding
from edgegen.deploy.engine import Engine, ask
from edgegen.project.doctor.patient import Patient
from edgegen.project.doctor.said import Said

DISK, CERTIFICATES = Said("EM009", "disk"), Said("EM010", "certificates")
GIB = 1 << 30
LITTLE, TOO_LITTLE = 5 * GIB, GIB
"""Bytes: a few images, and hardly one."""


def disk(patient: Patient) -> Iterator[Finding]:
    """The project's disk, and the one where the engine keeps images, if it is another."""
    seen: set[int] = set()
    for what, folder in _folders(patient):
        try:
            device, free = folder.stat().st_dev, shutil.disk_usage(folder).free
        except OSError:
            continue
        if device not in seen:
            seen.add(device)
            yield _room(what, free)


def _folders(patient: Patient) -> Iterator[tuple[str, Path]]:
    yield "the project's disk", patient.folder
    if isinstance(patient.engine, Engine) and patient.engine.is_local:
        try:
            root = ask(patient.runner, "docker", "info", "--format", "{{.DockerRootDir}}").strip()
        except OutsideError:
            return
        if root.startswith("/"):
            yield "the disk with the engine's images", _reachable(Path(root))


def _reachable(folder: Path) -> Path:
    """The folder, or the nearest one above it that this user may see: mostly on the same disk."""
    while not os.access(folder, os.X_OK) and folder != folder.parent:
        folder = folder.parent
    return folder


def _room(what: str, free: int) -> Finding:
    words = f"{what} has {free / GIB:.1f} GiB free"
    hint = "`docker system df` shows what the engine holds; `docker image prune` removes images without a name"
    if free < TOO_LITTLE:
        return DISK.bad(words, hint)
    return DISK.remark(words, hint) if free < LITTLE else DISK.good(words)


def certificates(patient: Patient) -> Iterator[Finding]:
    """What `cert list --offline` finds, in short."""
    if patient.loaded is None or not isinstance(patient.engine, Engine):
        return
    from edgegen.certificates.findings import Rules, findings
    from edgegen.core.grade import Grade, grade
    from edgegen.project.certificates import gather
    from edgegen.project.sights import Asked

    try:
        found = gather(
            patient.folder, patient.environment, None, lambda _d, _t: None, Asked(patient.runner, patient.host)
        )
    except EdgegenError as error:
        yield CERTIFICATES.unknown(str(error), error.problems[0].hint)
        return
    if found.store is None and not found.unseen:
        return  # nothing was started here yet
    now = datetime.now(UTC)
    judged = findings(found, Rules(now))
    yield from (item for item in judged if grade(item) is not Grade.GOOD)
    lives = [item.days_left(now) for item in found.listed if not item.is_default]
    if lives and all(grade(item) is Grade.GOOD for item in judged):
        yield CERTIFICATES.good(f"{len(lives)} stored; the first of them ends in {min(lives):.0f} days")
