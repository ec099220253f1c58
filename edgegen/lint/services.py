"""Services, and what they use: ports, mounts, networks, volumes, secrets and configs. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from edgegen.lint.places import Lossy, Spot, Value


class Mode(Enum):
    """Who reads a file. Compose ignores `deploy.labels`, a swarm's Traefik ignores a service's `labels`."""

    COMPOSE = "compose"
    SWARM = "swarm"
    UNCLEAR = "unclear"


def numbers(text: str) -> range:
    """`8000-8002` -> 8000, 8001, 8002. Empty where it is not a number or a range."""
    ends = text.split("-")
    if len(ends) > 2 or not all(end.isascii() and end.isdecimal() and len(end) < 6 for end in ends):
        return range(0)
    return range(int(ends[0]), int(ends[-1]) + 1)


class Port(Struct, frozen=True):
    """A published port. Numbers are texts: they may be ranges."""

    target: str
    published: str
    address: str
    """The host address that it is bound to; empty for all."""
    protocol: str
    mode: str
    """`ingress`, `host`, or empty."""
    spot: Spot
    unset: tuple[str, ...] = ()
    """Variables without a value here: the rest of it is then only a part of the truth."""

    @property
    def single(self) -> Iterator[Port]:
        """A range of targets as single ports, as Compose reads it; any other port is itself."""
        targets, published = numbers(self.target), numbers(self.published)
        if len(targets) < 2 or (published and len(published) != len(targets)):
            yield self
            return
        for index, target in enumerate(targets):
            yield replace(self, target=str(target), published=str(published[index]) if published else "")


class Mount(Struct, frozen=True):
    """A mount of a service. For a bind mount `source` is a path as written, for a volume its name in the file.

    The relative path of a file in another folder (`include`, `extends`) is made relative to the project's folder.
    """

    kind: str
    """`bind`, `volume`, `tmpfs`, `secret`, `config`, …"""
    source: str
    target: str
    read_only: bool
    spot: Spot
    unset: tuple[str, ...] = ()
    """Variables without a value here."""


class Network(Struct, frozen=True):
    """A network of the file. `real_name` is the engine's; None where a part of it is unknown."""

    key: str
    real_name: str | None
    external: bool
    internal: bool
    driver: str
    spot: Spot | None
    """None for the `default` network that no file declares."""


class Source(Struct, frozen=True, eq=False):
    """A top-level secret, config or volume of the file."""

    key: str
    data: Mapping[str, Any]
    spot: Spot
    real_name: str | None = None
    external: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Service:
    """One service, all files laid together."""

    name: str
    spot: Spot
    image: Value | None = None
    labels: Mapping[str, Value] = field(default_factory=dict)
    """Those of the container."""
    deploy_labels: Mapping[str, Value] = field(default_factory=dict)
    """Those of the swarm's service."""
    environment: Mapping[str, Value | None] = field(default_factory=dict)
    """None for a variable that is passed on from the shell. Those of `env_file` are in it, too."""
    lossy: tuple[Lossy, ...] = ()
    """Values of its `env_file` and `label_file` that lose a part."""
    command: tuple[Value, ...] = ()
    entrypoint: tuple[Value, ...] = ()
    networks: tuple[str, ...] = ()
    """Keys of the file's networks; `default` where none is named."""
    network_mode: Value | None = None
    ports: tuple[Port, ...] = ()
    expose: tuple[Value, ...] = ()
    mounts: tuple[Mount, ...] = ()
    replicas: int | None = None
    """None where nothing is said, or it is unknown."""
    is_global: bool = False
    built: bool = False
    """It has `build:`."""
    profiles: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    """The whole mapping after merging, plain data, variables not replaced."""
    partial: bool = False
    """Some part of it is in a file that is missing, or its base is: what is not here may still be there."""

    def routing_labels(self, mode: Mode) -> Mapping[str, Value]:
        """The labels that Traefik reads in this mode."""
        return self.deploy_labels if mode is Mode.SWARM else self.labels


def innermost(service: Service, path: str) -> tuple[Mount, str] | None:
    """The mount that holds a path of the container, and what follows its target; None for the container's own layer."""
    path = posixpath.normpath(path)
    targets = [(posixpath.normpath(mount.target).rstrip("/"), mount) for mount in service.mounts if mount.target]
    held = [(target, mount) for target, mount in targets if path == target or path.startswith(f"{target}/")]
    if not held:
        return None
    target, mount = max(held, key=lambda item: len(item[0]))
    return mount, path[len(target) :].lstrip("/")
