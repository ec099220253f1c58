"""Where a swarm runs a service: its own placement, its replicas, and whether its volumes are bound to a node."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from edgegen.compose.model import deep_merge
from edgegen.core.data import items, mapping
from edgegen.spec.edge import Spec
from edgegen.spec.layers import Layer, bind_source
from edgegen.spec.variables import has_variables, split
from edgegen.targets.swarm_parts.volumes import lies_on_one_node

_PINS = re.compile(r"\s*(node\.(id|hostname|labels\.\S+)|engine\.labels\.\S+)\s*==\s*\S")


def deploy_of(layers: Sequence[Layer]) -> dict[str, Any]:
    """`deploy:` of a service, with what `extra:` says about it."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = deep_merge(merged, _without_nothing(mapping(layer.keys.get("deploy"))))
    return merged


def _without_nothing(deploy: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_nothing(value) if isinstance(value, dict) else value
        for key, value in deploy.items()
        if value is not None
    }


def constraints_of(deploy: dict[str, Any]) -> tuple[str, ...]:
    """The constraints that the spec itself gives; none: edgegen chooses the node of a service with a local volume."""
    return tuple(map(str, items(mapping(deploy.get("placement")).get("constraints"))))


def on_node_with(label: str) -> str:
    """The constraint by which edgegen keeps a service on the one node that has a label."""
    return f"node.labels.{label} == true"


def names_node(constraints: Sequence[str]) -> bool:
    """Whether one of them is a node's id, its name or a label."""
    return any(_PINS.match(constraint) for constraint in constraints)


def is_global(deploy: dict[str, Any]) -> bool:
    """Whether each node runs one."""
    return deploy.get("mode") == "global"


def replicas_of(deploy: dict[str, Any]) -> int:
    """How many tasks; 1 where a variable says it that has no value yet."""
    count = str(deploy.get("replicas", 1))
    return int(count) if re.fullmatch(r"\d{1,9}", count) else 1


def only_reads(mount: Any) -> bool:
    """Whether tasks can share this entry of `volumes`: it is only read, or each task has its own."""
    if not isinstance(mount, dict):
        return "ro" in str(mount).rpartition(":")[2].split(",")
    return mount.get("type", "volume") not in ("volume", "bind") or bool(mount.get("read_only"))


def named_volumes(volumes: Any) -> list[tuple[int, str]]:
    """(index, name) of the named volumes of a `volumes` list."""
    found = [(index, _volume_name(volume)) for index, volume in enumerate(items(volumes))]
    return [(index, name) for index, name in found if name]


def _volume_name(volume: Any) -> str:
    if isinstance(volume, dict):
        source = str(volume.get("source") or "") if volume.get("type", "volume") == "volume" else ""
        return "" if "$" in source else source
    source, colon, _ = str(volume).partition(":")
    return source if colon and not bind_source(volume) and "$" not in source else ""


def unknown_source(volume: Any) -> str:
    """The source of an entry of `volumes` that a variable decides, maybe between a volume and a folder; or ""."""
    if isinstance(volume, dict):
        source = str(volume.get("source") or "") if volume.get("type", "volume") == "volume" else ""
    else:
        first, *others = split(str(volume), ":")
        source = first if others or has_variables(first) else ""
    return source if not bind_source(volume) and has_variables(source) else ""


def is_local(spec: Spec, name: str) -> bool:
    """Whether a volume of the spec lies on one node."""
    volume = spec.volumes.get(name)
    options = volume.model_dump(exclude_none=True) if volume else {}
    return lies_on_one_node(deep_merge(options, mapping(mapping(spec.extra.get("volumes")).get(name))))
