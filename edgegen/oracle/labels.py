"""Labels without what would reach out of this machine: no server, no store of theirs is asked for anything."""

from __future__ import annotations

import re
from collections.abc import Mapping

from edgegen.oracle.disk import PATH_KEYS, Disk

NOWHERE = "127.64.255.254"
"""An address of the loopback that replaces all servers and stores outside."""
_URL = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)(?:[^/?#@]*@)?(\[[^\]/]*\]|[^:/?#\[\]]+)")
_ADDRESS = re.compile(r"^(\[[^\]/]*\]|[^:/?#\[\]]+)(:\d+)$")


def safe(labels: Mapping[str, str], disk: Disk) -> dict[str, str]:
    """These labels with paths on this disk, and hosts on the loopback where Traefik would connect by itself."""
    return {key: _value(key.lower(), value, disk) for key, value in labels.items()}


def _value(key: str, value: str, disk: Disk) -> str:
    if key.endswith(".redis.endpoints"):
        return ",".join(f"{NOWHERE}:9" for _ in value.split(","))
    if key.endswith(".server.url"):
        return here(value)
    return disk.all_on_disk(value) if key.rpartition(".")[2].partition("[")[0] in PATH_KEYS else value


def here(url: str) -> str:
    """A server's URL or address, on the loopback."""
    if (moved := _URL.sub(rf"\g<1>{NOWHERE}", url)) != url:
        return moved
    return _ADDRESS.sub(rf"{NOWHERE}\g<2>", url)
