"""Files and volumes of one node where tasks may run on another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edgegen.compose.swarm_names import ACME_VOLUME
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.layers import Layer, bind_source, items, service_layers
from edgegen.spec.problems import Complaint
from edgegen.targets.swarm_parts.placing import (
    constraints_of,
    deploy_of,
    is_global,
    is_local,
    is_pinned,
    named_volumes,
    replicas_of,
)

SOCKETS = frozenset({"/var/run/docker.sock", "/run/docker.sock"})
"""The one file that every node has, and that is the same everywhere."""


class _Use(NamedTuple):
    """A local volume of a service: its place, and where the service runs."""

    volume: str
    service: str
    at: Path
    constraints: tuple[str, ...]


def check(spec: Spec) -> Iterator[Complaint]:
    """Bind mounts, then volumes: their names, replicas on them, and services that share them."""
    layers = service_layers(spec, ("volumes", "deploy"))
    for service in layers.values():
        yield from _binds(service)
    yield from _names(spec)
    uses = [use for name, service in layers.items() for use in _uses(spec, name, service)]
    for name, service in layers.items():
        yield from _several(service, [use for use in uses if use.service == name])
    yield from _apart(uses)


def _binds(layers: list[Layer]) -> Iterator[Complaint]:
    deploy = deploy_of(layers)
    for keys, at in layers:
        for index, volume in enumerate(items(keys.get("volumes"))):
            source = bind_source(volume)
            everywhere = is_global(deploy) and source.startswith("/")
            if source and source not in SOCKETS and not everywhere and not is_pinned(deploy):
                yield Complaint(
                    (*at, "volumes", index),
                    f"`{source}` lies on one host, and the task may run on a node that doesn't have it",
                    "use `configs` or a named volume, or pin the service to the node that has it:"
                    " `deploy: {placement: {constraints: [node.hostname == NAME]}}`",
                )


def _names(spec: Spec) -> Iterator[Complaint]:
    for name in spec.volumes:
        if name == "edge" and is_local(spec, name):
            reason = f"the label of its node would be that of the edge's, `edgegen.{spec.name}.edge`"
            yield Complaint(("volumes", name), f"a volume can't be called `edge`: {reason}", _OTHER, at_key=True)
        if name == ACME_VOLUME and spec.has_own_edge:
            reason = "the edge keeps its certificates and their keys in the volume of that name"
            yield Complaint(("volumes", name), f"a volume can't be called `{name}`: {reason}", _OTHER, at_key=True)


_OTHER = "give it another name; its `name:` may be that of a volume that exists"


def _uses(spec: Spec, name: str, layers: list[Layer]) -> Iterator[_Use]:
    constraints = constraints_of(deploy_of(layers))
    for keys, at in layers:
        for index, volume in named_volumes(keys.get("volumes")):
            if is_local(spec, volume):
                yield _Use(volume, name, (*at, "volumes", index), constraints)
    registry = spec.registries.get(name)
    kept = registry.storage.volume if registry and registry.storage else None
    if kept and is_local(spec, kept):
        yield _Use(kept, name, ("services", name, "storage", "volume"), constraints)


def _several(layers: list[Layer], uses: list[_Use]) -> Iterator[Complaint]:
    deploy = deploy_of(layers)
    count = replicas_of(deploy)
    if uses and count > 1:
        yield Complaint(
            _place_of("replicas", layers),
            f"`{uses[0].volume}` is a volume of one node: {count} tasks would write to it at once, or each to its own",
            "keep one replica, or use a volume that every node can mount (`driver_opts: {type: nfs, ...}`)",
        )
    if uses and is_global(deploy) and not uses[0].constraints:
        yield Complaint(
            _place_of("mode", layers),
            f"`{uses[0].volume}` is a volume of one node, and `global` means all of them",
            "say with `deploy.placement.constraints` which nodes run it, each with its own volume",
        )


def _place_of(key: str, layers: list[Layer]) -> Path:
    """Where the last layer says it."""
    for keys, at in reversed(layers):
        if isinstance(keys.get("deploy"), dict) and keys["deploy"].get(key) is not None:
            return (*at, "deploy", key)
    return layers[0].at


def _apart(uses: list[_Use]) -> Iterator[Complaint]:
    """Services that share a volume, and are placed in two ways."""
    first: dict[str, _Use] = {}
    for use in uses:
        other = first.setdefault(use.volume, use)
        if set(use.constraints) != set(other.constraints):
            yield Complaint(
                use.at,
                f"`{use.volume}` is a volume of one node, and `{other.service}`, which uses it too, is placed by other"
                " constraints: each may find an empty volume",
                f"give both the same `deploy.placement.constraints`, or a volume each ({_words(other)}; {_words(use)})",
            )


def _words(use: _Use) -> str:
    return f"`{use.service}`: {', '.join(use.constraints) or 'no constraints'}"
