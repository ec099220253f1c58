"""Volumes of a project that is gone, next to which a first start makes new, empty ones of the same key.

A Compose project that becomes an edge.yaml of another name has all of its data, and the new containers have none of
it. Only volumes count that no container uses, of projects without containers: two that run may both have a `data`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from edgegen.compose.model import PROJECT_LABEL
from edgegen.core.errors import OutsideError
from edgegen.core.show import shown
from edgegen.deploy.answers import Reader
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.engine import ask
from edgegen.deploy.model import Project
from edgegen.deploy.runner import Executor

KEY_LABEL = "com.docker.compose.volume"
"""The label in which Compose keeps the key of a volume in its file."""
_VOLUMES = Reader("docker volume ls")
_FORMAT = (
    f'{{"name":{{{{json .Name}}}},"project":{{{{json (.Label "{PROJECT_LABEL}")}}}},'
    f'"key":{{{{json (.Label "{KEY_LABEL}")}}}}}}'
)
_FEW = 3


class VolumeSeen(Struct, frozen=True):
    """A volume of the engine, and where Compose has it from."""

    name: str
    project: str = ""
    key: str = ""


def volumes(runner: Executor) -> list[VolumeSeen]:
    """All volumes of the engine; none if it does not list them."""
    try:
        rows = _VOLUMES.rows(ask(runner, "docker", "volume", "ls", "--format", _FORMAT), "volumes")
        return [VolumeSeen(*(_VOLUMES.text(row.get(key), key) for key in ("name", "project", "key"))) for row in rows]
    except OutsideError:
        return []


def left_volumes(project: Project, present: Iterable[VolumeSeen], containers: Iterable[ContainerSeen]) -> Iterator[str]:
    """A sentence for each volume that would be new where such a one is left."""
    seen, there = list(present), list(containers)
    names = {volume.name for volume in seen}
    alive = {container.project for container in there} | {project.name, ""}
    used = {source for container in there for source in container.mounts.values()}
    for key, name in project.own_volumes:
        left = [item for item in seen if item.key == key and item.project not in alive and item.name not in used]
        if name not in names and 0 < len(left) <= _FEW:
            old = " and ".join(f"`{shown(item.name)}` of compose project `{shown(item.project)}`" for item in left)
            yield (
                f"`{name}` will be a new, empty volume, and {old}, which no container uses, stays as it is: "
                f"for its data write `volumes: {{{key}: {{external: true, name: {shown(left[0].name)}}}}}`"
            )
