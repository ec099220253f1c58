"""Volumes, secrets and configs of a service as a stack mounts them."""

from __future__ import annotations

from typing import Any

from edgegen.targets.swarm_parts.templates import literal


def literal_mount(mount: Any) -> Any:
    """A volume. Swarm would expand braces in its paths, and never makes a folder on the host."""
    if isinstance(mount, str):
        return literal(mount)
    own = {key: value for key, value in mount.items() if key not in ("bind", "read_only")}
    options = {key: value for key, value in mount.get("bind", {}).items() if key != "create_host_path"}
    for key in ("source", "target"):
        if isinstance(own.get(key), str):
            own[key] = literal(own[key])
    read_only = {"read_only": mount["read_only"]} if mount.get("read_only") else {}
    return own | read_only | ({"bind": options} if options else {})


def file_mount(mount: Any) -> Any:
    """A secret or a config. Its mode is a number here."""
    mode = mount.get("mode") if isinstance(mount, dict) else None
    return {**mount, "mode": int(mode, 8)} if isinstance(mode, str) and mode.isdigit() else mount
