"""Compose files as typed data, in the words of the Compose Specification. Frozen; `data()` gives plain values.

Fields are in the order in which they are written. None and empty values are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import astuple

Data = dict[str, Any]

OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
"""Compose's names for the user's file, in Compose's order: the first one found counts."""
PROJECT_LABEL = "com.docker.compose.project"
"""The label in which Compose keeps the project of each container, network and volume."""
CONFIG_LABEL = "edgegen.config-digest"
"""A label with the digest of the file that configures a service: if it changes, Compose recreates the container."""


class Shared(Struct, frozen=True):
    """A value that is written once, as the extension field `x-NAME` with the anchor `&NAME`."""

    name: str
    value: Data


class Merged(Struct, frozen=True):
    """A mapping that takes over shared mappings (`<<: *NAME`) and adds its own keys, which win."""

    shared: tuple[Shared, ...]
    own: Data


class Holds(Enum):
    """What a mount of edgegen's own holds. A target decides by it what the mount becomes."""

    CONFIGURATION = "configuration"
    SECRET = "secret"  # noqa: S105  # a word
    STATE = "state"
    """What the service writes and must find again."""
    SOCKET = "socket"
    """The engine's socket, which every host has."""


class OwnMount(Struct, frozen=True):
    """A file or folder of the project that edgegen mounts into a service."""

    source: str
    target: str
    holds: Holds
    files: tuple[str, ...] = ()
    """The files of a folder that are known beforehand; none for a file."""
    must_exist: bool = True
    """Whether Docker must refuse a missing source. Otherwise it makes a folder that belongs to root."""

    def bind(self) -> Data:
        """The mount of a host that has the file or folder."""
        mount: Data = {"type": "bind", "source": self.source, "target": self.target}
        if self.holds is not Holds.STATE:
            mount["read_only"] = True
        if self.must_exist:
            mount["bind"] = {"create_host_path": False}
        return mount


class Service(Struct, frozen=True):
    """One service. See the Compose Specification for the meaning of each key."""

    image: str | None = None
    build: Any = None
    container_name: str | None = None
    platform: str | None = None
    pull_policy: str | None = None
    profiles: list[str] | None = None
    restart: str | None = None
    entrypoint: Any = None
    command: Any = None
    user: str | None = None
    working_dir: str | None = None
    hostname: str | None = None
    init: bool | None = None
    tty: bool | None = None
    stdin_open: bool | None = None
    depends_on: Any = None
    environment: Data | None = None
    env_file: list[Any] | None = None
    ports: list[Any] | None = None
    expose: list[str] | None = None
    networks: Any = None
    extra_hosts: list[str] | None = None
    dns: list[str] | None = None
    volumes: list[Any] | None = None
    tmpfs: list[str] | None = None
    secrets: list[Any] | None = None
    configs: list[Any] | None = None
    read_only: bool | None = None
    privileged: bool | None = None
    security_opt: list[str] | None = None
    cap_drop: list[str] | None = None
    cap_add: list[str] | None = None
    group_add: list[str] | None = None
    devices: list[str] | None = None
    sysctls: Data | None = None
    ulimits: Data | None = None
    shm_size: str | None = None
    mem_limit: str | None = None
    pids_limit: int | None = None
    cpus: str | None = None
    stop_signal: str | None = None
    stop_grace_period: str | None = None
    healthcheck: Data | None = None
    logging: Any = None
    deploy: Data | None = None
    labels: Any = None
    extra: Data = field(default_factory=dict)
    own_mounts: tuple[OwnMount, ...] = ()
    """Mounts that edgegen itself needs. A target makes volumes, secrets and configs of them."""
    is_edge: bool = False
    """Whether it is a part of the edge: it needs the engine's socket, and runs where the edge runs."""

    def data(self) -> Data:
        """The service as a mapping of Compose keys; `extra` is deep-merged over the rest."""
        own = {
            key: value
            for key, value in zip(self.__struct_fields__, astuple(self), strict=True)
            if not (value is None or _is_empty(value) or key in _NOT_KEYS)
        }
        return deep_merge(own, self.extra) if self.extra else own


_NOT_KEYS = ("extra", "own_mounts", "is_edge")
SERVICE_KEYS = tuple(name for name in Service.__struct_fields__ if name not in _NOT_KEYS)


def _is_empty(value: object) -> bool:
    return not value and isinstance(value, list | dict)


class File(Struct, frozen=True):
    """A Compose file."""

    name: str
    """The project's name; "" where the file must not have it."""
    shared: tuple[Shared, ...] = ()
    services: dict[str, Service] = field(default_factory=dict)
    networks: dict[str, Data] = field(default_factory=dict)
    volumes: dict[str, Data] = field(default_factory=dict)
    secrets: dict[str, Data] = field(default_factory=dict)
    configs: dict[str, Data] = field(default_factory=dict)
    extra: Data = field(default_factory=dict)
    edge_network: str = ""
    """The network that Traefik shares with public services; "" in a project without an edge."""

    def data(self) -> Data:
        """The file as a mapping, with `Shared` and `Merged` values still in it."""
        own: Data = {"name": self.name} if self.name else {}
        own |= {f"x-{part.name}": part.value for part in self.shared}
        own["services"] = {name: service.data() for name, service in self.services.items()}
        for key in ("networks", "volumes", "secrets", "configs"):
            if section := getattr(self, key):
                own[key] = section
        return deep_merge(own, self.extra) if self.extra else own


def plain(value: Any, text: Callable[[str], str] | None = None) -> Any:
    """`value` with `Shared` and `Merged` resolved, as a YAML parser gives it back. `text`: what becomes of texts."""
    if isinstance(value, str):
        return value if text is None else text(value)
    if isinstance(value, dict):
        return {key: plain(item, text) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, text) for item in value]
    if isinstance(value, Shared):
        return plain(value.value, text)
    if isinstance(value, Merged):
        merged: Data = {}
        for part in reversed(value.shared):  # of several merged mappings the first wins
            merged.update(part.value)
        return plain({**merged, **value.own}, text)
    return value


def deep_merge(base: Data, over: Data) -> Data:
    """`over` laid over `base`: mappings merge, everything else replaces. Neither argument is changed."""
    result = dict(base)
    for key, value in over.items():
        present = result.get(key)
        if isinstance(value, dict) and isinstance(present, Shared | Merged | dict):
            result[key] = deep_merge(plain(present), value)
        else:
            result[key] = value
    return result
