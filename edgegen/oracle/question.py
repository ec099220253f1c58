"""What is asked: a stack in Traefik's view. Whoever asks makes it of the files; nothing here reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

Provider = Literal["docker", "swarm"]
PROJECT_LABEL: dict[Provider, str] = {"docker": "com.docker.compose.project", "swarm": "com.docker.stack.namespace"}
"""The engine's own label, which constraints ask for."""


class Container(Struct, frozen=True):
    """A container, or on a swarm a service. `name` is the engine's; `networks` are real names."""

    name: str
    labels: Mapping[str, str]
    networks: tuple[str, ...] = ("default",)
    ports: tuple[int, ...] = ()
    """Those that the image exposes."""
    replicas: int = 1
    """Tasks, on a swarm."""
    endpoint_mode: str = "dnsrr"
    """On a swarm: `vip` or `dnsrr`."""
    container_labels: Mapping[str, str] = field(default_factory=dict)
    """On a swarm, those of the tasks' containers: Traefik does not read them."""


class Flags(Struct, frozen=True):
    """A static configuration as flags, in their order."""

    words: tuple[str, ...] = ()


class Variables(Struct, frozen=True):
    """A static configuration as `TRAEFIK_…` variables."""

    values: Mapping[str, str] = field(default_factory=dict)


class ConfigFile(Struct, frozen=True):
    """A static configuration from a file of YAML or TOML, as data."""

    data: Mapping[str, Any]


StaticSource = Flags | Variables | ConfigFile


class DynamicFile(Struct, frozen=True):
    """A file of the file provider. `name` has its suffix, which tells Traefik the language."""

    name: str
    text: str


class Question(Struct, frozen=True):
    """One engine as one Traefik sees it."""

    project: str
    provider: Provider = "docker"
    containers: tuple[Container, ...] = ()
    static: StaticSource = Flags()
    dynamic: tuple[DynamicFile, ...] = ()
    mounts: Mapping[str, str] = field(default_factory=dict)
    """Path in Traefik's container -> path on this machine."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Of Traefik's container; only what `ask.PASSED_ON` names is used."""
    acme_port: int = 0
    """The loopback port of an ACME server; 0: a closed one."""
