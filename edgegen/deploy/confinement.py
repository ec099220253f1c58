"""What the engine's own settings keep containers from: `userns-remap`, and an engine without root.

With `userns-remap` the root of a container is a user of the host that owns nothing. Docker also mounts what that user
can't read: Traefik starts, is healthy, and has no certificates. A rootless engine listens on its own
socket, and the usual one, if there is one, belongs to another engine: Traefik sees the wrong containers.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import OutsideError, Problem
from edgegen.deploy.answers import Reader
from edgegen.deploy.engine import Engine, ask
from edgegen.deploy.model import HostFile, Project, ServiceModel
from edgegen.deploy.runner import Executor

_INFO = Reader("docker info")
_FORMAT = '{"options":{{json .SecurityOptions}},"root":{{json .DockerRootDir}}}'
_REMAPPED = re.compile(r"/([0-9]{1,10})\.([0-9]{1,10})/?\Z", re.ASCII)
"""How the data folder of an engine with `userns-remap` ends: user and group of the containers' root."""
_RANGE = 1 << 16
"""How many users a container has at least, that of its root included."""
_ROOT = ("", "0", "root")
_SOCKET = ".sock"


class Confinement(Struct, frozen=True):
    """`root`: the user and group of the host that the root of a container is; None where it is root itself."""

    is_rootless: bool = False
    root: tuple[int, int] | None = None


def confinement(runner: Executor, project: Project) -> Confinement:
    """Ask the engine, if a container mounts anything of the host. An engine that doesn't answer is taken as usual."""
    if not project.host_files:
        return Confinement()
    try:
        answer = _INFO.json_object(ask(runner, "docker", "info", "--format", _FORMAT), "its security options")
        options = [str(option).split(",")[0] for option in _INFO.items(answer.get("options"), "options")]
        folder = _INFO.text(answer.get("root"), "root")
    except OutsideError:
        return Confinement()
    remapped = _REMAPPED.search(folder) if "name=userns" in options else None
    return Confinement("name=rootless" in options, (int(remapped[1]), int(remapped[2])) if remapped else None)


def confined(project: Project, folder: Path, engine: Engine, found: Confinement) -> Iterator[Problem]:
    """Mounts of sockets, and of what the project's own folder has, that the engine makes and the container can't use.

    What else of the host a container has may be there for another user, or for nobody.
    """
    for file, service in _mounted(project):
        if found.is_rootless and file.source.endswith(_SOCKET) and _is_anothers(file.source, engine.host):
            yield Problem(
                f"mounts {file.source}, which is another engine's socket: this one is rootless", path=file.owner,
                hint=f"it listens on {engine.host}: mount that socket in `compose.override.yaml`",
            )  # fmt: skip
        elif found.root and _is_root_of_its_own(service) and (closed := _closed(file.source, folder, found.root)):
            yield Problem(
                f"can't use {closed}: with the engine's `userns-remap`, root of the container is user {found.root[0]} "
                "of the host, who has no access to it",
                path=file.owner, hint=f"write `extra: {{services: {{{service.name}: {{userns_mode: host}}}}}}`",
            )  # fmt: skip


def _mounted(project: Project) -> Iterator[tuple[HostFile, ServiceModel]]:
    services = {f"services.{service.name}": service for service in project.services}
    return ((file, services[file.owner]) for file in project.host_files if file.owner in services)


def _is_anothers(source: str, host: str) -> bool:
    """Whether the socket is not the one on which the engine listens."""
    own = host.removeprefix("unix://")
    return host.startswith("unix://") and Path(source).exists() and not _is_same(source, own)


def _is_same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except OSError:
        return one == other


def _is_root_of_its_own(service: ServiceModel) -> bool:
    """Whether it runs as root, as far as the file says, and that root is not the host's."""
    return service.userns_mode != "host" and service.user.partition(":")[0] in _ROOT


def _closed(source: str, folder: Path, root: tuple[int, int]) -> Path | None:
    """What of a mount root may not use: the socket, the file or folder, or the users of a registry in it."""
    mounted = Path(source)
    if not source.endswith(_SOCKET) and not mounted.is_relative_to(folder.absolute()):
        return None
    return next((path for path in (mounted, mounted / "htpasswd") if _is_closed(path, root)), None)


def _is_closed(path: Path, root: tuple[int, int]) -> bool:
    """Whether root can't read it there, or a socket can't be written to. What is not seen here is not closed."""
    try:
        found = path.stat()
    except OSError:
        return False
    first, group = root
    if found.st_uid in range(first, first + _RANGE) and found.st_gid in range(group, group + _RANGE):
        return False  # root's rights reach as far as the container's own users
    shift = 6 if found.st_uid == first else 3 if found.st_gid == group else 0
    wanted = 2 if stat.S_ISSOCK(found.st_mode) else 5 if stat.S_ISDIR(found.st_mode) else 4
    return (found.st_mode >> shift) & wanted != wanted
