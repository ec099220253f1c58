"""Mounts of the Docker socket."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.lint.model import Mount, Service

__all__ = ["sockets"]


def sockets(service: Service) -> Iterator[Mount]:
    """Each mount that shows a service the Docker socket, or the folder that holds it."""
    if not _may_have_one(service.data.get("volumes")):
        return
    for mount in service.mounts:
        if mount.source.endswith("/docker.sock") or (
            mount.kind == "bind" and mount.source.rstrip("/") in ("/var/run", "/run")
        ):
            yield mount


def _may_have_one(volumes: object) -> bool:
    """Whether it pays to read the mounts at all."""
    items = volumes if isinstance(volumes, list) else ()
    return any(not isinstance(item, str) or "sock" in item or "/run" in item or "$" in item for item in items)
