"""Mounts of the Docker socket."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.lint.model import Mount, Service
from edgegen.lint.views.mounted import mounts_naming


def sockets(service: Service) -> Iterator[Mount]:
    """Each mount that shows a service the Docker socket, or the folder that holds it."""
    for mount in mounts_naming(service, ("sock", "/run")):
        if mount.source.endswith("/docker.sock") or (
            mount.kind == "bind" and mount.source.rstrip("/") in ("/var/run", "/run")
        ):
            yield mount
