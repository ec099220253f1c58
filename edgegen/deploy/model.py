"""The part of a compose project that matters before it is started, read from `docker compose config --format json`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Published:
    """A port of this host that a service asks for. `address` "" means all of them, IPv4 and IPv6."""

    port: int
    protocol: str = "tcp"
    address: str = ""
    service: str = ""

    def __str__(self) -> str:
        return f"port {self.port}/{self.protocol} ({self.address or 'all addresses'})"


@dataclass(frozen=True, slots=True, order=True)
class HostFile:
    """A file or folder of the host that a container gets to see."""

    owner: str
    source: str


@dataclass(frozen=True, slots=True)
class ServiceModel:
    """What is known of one service. `finishes`: it may end with exit code 0 and stay so, like a migration."""

    name: str
    image: str = ""
    finishes: bool = True
    replicas: int = 1


@dataclass(frozen=True, slots=True)
class Project:
    """A compose project. The externals are real names, not keys."""

    name: str
    services: tuple[ServiceModel, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()
    host_files: tuple[HostFile, ...] = ()

    @classmethod
    def read(cls, data: dict[str, Any]) -> Project:
        """From the object that `config` prints. Files that it would have refused are not judged again."""
        services: dict[str, dict[str, Any]] = data.get("services") or {}
        return cls(
            name=data.get("name") or "",
            services=tuple(_service(name, body) for name, body in services.items()),
            networks=external_names(data, "networks"),
            volumes=external_names(data, "volumes"),
            published=tuple(port for name, body in services.items() for port in _published(name, body)),
            host_files=(*_binds(services), *_sources(data, "secrets"), *_sources(data, "configs")),
        )


def external_names(data: dict[str, Any], section: str) -> tuple[str, ...]:
    """The real names of a section's external entries, in order, each once. Reads raw compose files as well."""
    entries: dict[str, Any] = data.get(section) or {}
    names = [str(body.get("name") or key) for key, body in entries.items() if body and body.get("external")]
    return tuple(dict.fromkeys(names))


def _service(name: str, body: dict[str, Any]) -> ServiceModel:
    deploy = body.get("deploy") or {}
    policy = (deploy.get("restart_policy") or {}).get("condition", "")
    restart = body.get("restart") or policy or "no"
    replicas = body.get("scale", deploy.get("replicas", 1))
    finishes = restart.partition(":")[0] in ("no", "none", "on-failure")
    return ServiceModel(name, body.get("image") or "", finishes, int(replicas))


def _published(name: str, body: dict[str, Any]) -> Iterator[Published]:
    for port in body.get("ports") or []:
        number = str(port.get("published") or "")
        # A range means "any of these", and nothing or 0 means "any at all": the engine finds a free one.
        if number.isdigit() and int(number):
            yield Published(int(number), port.get("protocol") or "tcp", _address(port.get("host_ip")), name)


def _address(text: str | None) -> str:
    return (text or "").strip("[]")


def _binds(services: dict[str, dict[str, Any]]) -> Iterator[HostFile]:
    for name, body in services.items():
        for mount in body.get("volumes") or []:
            if mount.get("type") == "bind":
                yield HostFile(f"services.{name}", str(Path(mount["source"])))


def _sources(data: dict[str, Any], section: str) -> Iterator[HostFile]:
    """File secrets and configs are bind mounts too: the engine opens them on its own host."""
    for key, body in (data.get(section) or {}).items():
        if body and body.get("file"):
            yield HostFile(f"{section}.{key}", str(Path(body["file"])))
