"""Volumes of a stack. One of the engine's own driver stays on its node, and with it the service that needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from edgegen.compose.model import Data, File, Holds, Service
from edgegen.compose.swarm_names import ACME_VOLUME

_SHARED_TYPES = re.compile(r"(nfs4?|cifs|smb3?|glusterfs|ceph|9p|fuse.*)\Z")
"""Kinds of file systems that every node can mount."""


def volumes(file: File) -> dict[str, Data]:
    """Those of the file, and the edge's own."""
    kept = {ACME_VOLUME: dict[str, Any]()} if any(map(_keeps_state, file.services.values())) else {}
    return file.volumes | kept


def _keeps_state(service: Service) -> bool:
    return any(mount.holds is Holds.STATE for mount in service.own_mounts)


def is_local(file: File, name: str) -> bool:
    """Whether a volume of the file lies on one node."""
    return lies_on_one_node(file.volumes.get(name) or {})


def lies_on_one_node(options: Mapping[str, Any]) -> bool:
    """Whether a volume with these options does. One that this project doesn't make, or of another driver, is its
    owner's."""
    if options.get("external") or options.get("driver") not in (None, "local"):
        return False
    return not _SHARED_TYPES.match(str((options.get("driver_opts") or {}).get("type", "")))
