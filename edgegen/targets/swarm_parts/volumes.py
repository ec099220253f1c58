"""Volumes of a stack. One of the engine's own driver stays on its node, and with it the service that needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from edgegen.compose.model import Data, File, Holds, deep_merge
from edgegen.compose.swarm_names import ACME_VOLUME
from edgegen.core.data import mapping

_SHARED_TYPES = re.compile(r"(nfs4?|cifs|smb3?|glusterfs|ceph|9p|fuse.*)\Z")
"""Kinds of file systems that every node can mount."""


def volumes(file: File) -> dict[str, Data]:
    """Those of the file, and the edge's own."""
    keeps_state = any(mount.holds is Holds.STATE for service in file.services.values() for mount in service.own_mounts)
    return file.volumes | ({ACME_VOLUME: {}} if keeps_state else {})


def is_local(file: File, name: str) -> bool:
    """Whether a volume of the file lies on one node."""
    over = mapping(mapping(file.extra.get("volumes")).get(name))
    return lies_on_one_node(deep_merge(file.volumes.get(name) or {}, over))


def lies_on_one_node(options: Mapping[str, Any]) -> bool:
    """Whether a volume with these options does. One of another driver is that driver's matter. An external one has no
    driver here, and where it is missing the engine makes a new empty one: it stays on the node that has it."""
    if options.get("driver") not in (None, "local"):
        return False
    return not _SHARED_TYPES.match(str((options.get("driver_opts") or {}).get("type", "")))
