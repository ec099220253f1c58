"""Files and volumes of one node where tasks may run on another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edgegen.compose.swarm_names import ACME_VOLUME, edge_node_label, volume_node_label
from edgegen.core.data import items
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, SOCKET_PROXY, Layer, bind_source, service_layers
from edgegen.spec.problems import Complaint
from edgegen.targets.swarm_parts.edge import edge_constraints
from edgegen.targets.swarm_parts.placing import (
    constraints_of,
    deploy_of,
    is_global,
    is_local,
    named_volumes,
    names_node,
    on_node_with,
    only_reads,
    replicas_of,
    unknown_source,
)

SOCKETS = frozenset({"/var/run/docker.sock", "/run/docker.sock"})
"""The one file that every node has, and that is the same everywhere."""


class _Use(NamedTuple):
    """A local volume of a service: its place, and where the service runs."""

    volume: str
    service: str
    at: Path
    constraints: tuple[str, ...]
    """Those of the rendered service: where the spec has none, edgegen's own."""
    reads: bool = False


def check(spec: Spec) -> Iterator[Complaint]:
    """Bind mounts, then volumes: their names, their nodes, replicas on them, and services that share them."""
    layers = service_layers(spec, ("volumes", "deploy"))
    for name, service in layers.items():
        edges_own = spec.has_own_edge and name in (EDGE, SOCKET_PROXY)
        yield from _binds(service, is_pinned=edges_own or names_node(constraints_of(deploy_of(service))))
    yield from _names(spec)
    uses = [use for name, service in layers.items() for use in _uses(spec, name, service)]
    for name, service in layers.items():
        own = [use for use in uses if use.service == name]
        yield from _anywhere(spec, service, own)
        yield from _several(service, own)
    yield from _apart(spec, uses)


def _binds(layers: list[Layer], *, is_pinned: bool) -> Iterator[Complaint]:
    everywhere = is_global(deploy_of(layers))
    for keys, at in layers:
        for index, volume in enumerate(items(keys.get("volumes"))):
            source, place = bind_source(volume), (*at, "volumes", index)
            if variable := unknown_source(volume):
                if not is_pinned and not everywhere:
                    yield Complaint(
                        place,
                        f"`{variable}` may become a volume or a folder of one node, so edgegen can't pin the service",
                        f"write the name of the volume, or pin the service to its node: {_PIN}",
                    )
            elif not source or source in SOCKETS:
                continue
            elif not is_pinned and not (everywhere and source.startswith("/")):
                message = f"`{source}` lies on one host, and the task may run on a node that doesn't have it"
                hint = f"use `configs` or a named volume, or pin the service to the node that has it: {_PIN}"
                yield Complaint(place, message, hint)
            elif not source.startswith(("/", "$")):
                yield Complaint(
                    place,
                    f"`{source}` would become a path of the machine that deploys, and the node may have nothing there",
                    "write the path that the node has, from `/` on",
                )


_PIN = "`deploy: {placement: {constraints: [node.hostname == NAME]}}`"


def _names(spec: Spec) -> Iterator[Complaint]:
    for name in spec.volumes:
        if name == "edge" and is_local(spec, name):
            reason = f"the label of its node would be that of the edge's, `{edge_node_label(spec.name)}`"
            yield Complaint(("volumes", name), f"a volume can't be called `edge`: {reason}", _OTHER, at_key=True)
        if name == ACME_VOLUME and spec.has_own_edge:
            reason = "the edge keeps its certificates and their keys in the volume of that name"
            yield Complaint(("volumes", name), f"a volume can't be called `{name}`: {reason}", _OTHER, at_key=True)


_OTHER = "give it another name; its `name:` may be that of a volume that exists"


def _uses(spec: Spec, name: str, layers: list[Layer]) -> Iterator[_Use]:
    found = [
        _Use(volume, name, (*at, "volumes", index), (), only_reads(items(keys.get("volumes"))[index]))
        for keys, at in layers
        for index, volume in named_volumes(keys.get("volumes"))
        if is_local(spec, volume)
    ]
    registry = spec.registries.get(name)
    kept = registry.storage.volume if registry and registry.storage else None
    if kept and is_local(spec, kept):
        found.append(_Use(kept, name, ("services", name, "storage", "volume"), ()))
    constraints = constraints_of(deploy_of(layers))
    if spec.has_own_edge and name in (EDGE, SOCKET_PROXY):
        constraints = tuple(edge_constraints(spec.name))
    elif not constraints and name in spec.services and not is_global(deploy_of(layers)):
        constraints = tuple(dict.fromkeys(_own(spec, use.volume) for use in found))
    yield from (use._replace(constraints=constraints) for use in found)


def _own(spec: Spec, volume: str) -> str:
    """The constraint by which edgegen keeps a service with its volume."""
    return on_node_with(volume_node_label(spec.name, volume))


def _anywhere(spec: Spec, layers: list[Layer], uses: list[_Use]) -> Iterator[Complaint]:
    """A service whose own constraints leave several nodes, or that edgegen doesn't place."""
    if not uses or is_global(deploy_of(layers)) or names_node(uses[0].constraints):
        return
    volume, constraints = uses[0].volume, uses[0].constraints
    if constraints:
        yield Complaint(
            _place_of("placement", layers),
            f"`{volume}` is a volume of one node, and these constraints name none"
            f" ({', '.join(constraints)}): the task may start on another node, with an empty volume",
            f'add the node that has it, e.g. `"{_own(spec, volume)}"`, or remove them: edgegen then adds this itself',
        )
    else:
        message = f"`{volume}` is a volume of one node, and edgegen doesn't place services that are only under `extra`"
        hint = f'say where it runs: `deploy: {{placement: {{constraints: ["{_own(spec, volume)}"]}}}}`'
        yield Complaint(uses[0].at, message, hint)


def _several(layers: list[Layer], uses: list[_Use]) -> Iterator[Complaint]:
    deploy = deploy_of(layers)
    count = replicas_of(deploy)
    written = [use.volume for use in uses if not use.reads]
    if written and count > 1:
        message = f"`{written[0]}` is a volume of one node: {count} tasks would write to it at once, or each to its own"
        hint = "keep one replica, or use a volume that every node can mount (`driver_opts: {type: nfs, ...}`)"
        yield Complaint(_place_of("replicas", layers), message, hint)
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


def _apart(spec: Spec, uses: list[_Use]) -> Iterator[Complaint]:
    """Services that share a volume, and are placed in two ways."""
    first: dict[str, _Use] = {}
    for use in uses:
        other = first.setdefault(use.volume, use)
        together = _own(spec, use.volume)  # one node has this label
        if set(use.constraints) != set(other.constraints) and not (
            together in use.constraints and together in other.constraints
        ):
            yield Complaint(
                use.at,
                f"`{use.volume}` is a volume of one node, and `{other.service}`, which uses it too, is placed by other"
                " constraints: each may find an empty volume",
                f"give both the same `deploy.placement.constraints`, or a volume each ({_words(other)}; {_words(use)})",
            )


def _words(use: _Use) -> str:
    return f"`{use.service}`: {', '.join(use.constraints) or 'no constraints'}"
