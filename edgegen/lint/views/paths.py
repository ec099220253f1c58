"""From a path inside a container to what is mounted there, and to the host's file."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from edgegen.core.data import mapping
from edgegen.lint.model import Mount, Project, Service
from edgegen.lint.services import innermost


class Place(Struct, frozen=True):
    """Where a path of a container lies."""

    mount: Mount
    rest: str
    """What follows the mount's target; empty where the mount is the path itself."""
    host: str | None
    """The path on the host, relative to the project; None for a volume, or where it can't be determined."""


def place_of(project: Project, service: Service, path: str) -> Place | None:
    """The innermost mount that holds a path of the container; None where it is in the container's own layer."""
    held = innermost(service, path)
    if held is None:
        return None
    mount, rest = held
    source = host_path(project, mount)
    return Place(mount, rest, posixpath.normpath(posixpath.join(source, rest)) if source is not None else None)


def host_path(project: Project, mount: Mount) -> str | None:
    """The path of a mount's source on the host; None where it can't be determined."""
    if mount.unset:
        return None
    source = mount.source
    if mount.kind == "volume":
        source = _device(project, mount.source)
    elif mount.kind in ("secret", "config"):
        known = project.secrets if mount.kind == "secret" else project.configs
        source = str(known[mount.source].data.get("file") or "") if mount.source in known else ""
    elif mount.kind != "bind":
        return None
    if not source or "$" in source or source.startswith("~"):
        return None
    return posixpath.normpath(source)


def _device(project: Project, volume: str) -> str:
    """The folder of the host that a named volume of the local driver is bound to."""
    options = mapping(project.volumes[volume].data, "driver_opts") if volume in project.volumes else {}
    return str(options.get("device") or "") if "bind" in str(options.get("o") or "").split(",") else ""
