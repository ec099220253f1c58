"""The parts of a Compose project that matter before it is started, read from `docker compose config --format json`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from edgegen.core.errors import Problem
from edgegen.core.show import shown
from edgegen.deploy.answers import Reader

CONFIG = Reader("docker compose config")
_PORTS = 1 << 16


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
    """A file or folder of the host that a container can see."""

    owner: str
    source: str


@dataclass(frozen=True, slots=True)
class ServiceModel:
    """One service. `finishes`: it may end with exit code 0 and stay so, like a migration; not where it is served."""

    name: str
    image: str = ""
    finishes: bool = True
    replicas: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    networks: tuple[str, ...] = ()
    """Their real names."""
    has_start_interval: bool = False
    """Whether its health check has another interval during its start."""
    container_name: str = ""
    """The name that the file gives its container; "" leaves it to Compose."""
    user: str = ""
    """The user that the file names; "" leaves it to the image."""
    userns_mode: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A compose project. The externals are real names, not keys."""

    name: str
    services: tuple[ServiceModel, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    own_volumes: tuple[tuple[str, str], ...] = ()
    """The project's own ones: their keys and their real names."""
    published: tuple[Published, ...] = ()
    host_files: tuple[HostFile, ...] = ()
    obstacles: tuple[Problem, ...] = ()
    """Problems found while it was read that prevent a start."""
    warnings: tuple[str, ...] = ()
    """What the program that read it warns of."""

    @classmethod
    def read(cls, data: dict[str, Any]) -> Project:
        """From the object that `config` prints. What it would have refused is not checked again.

        Raises OutsideError for anything that `config` would not print.
        """
        services = entries(data, "services")
        return cls(
            name=CONFIG.text(data.get("name"), "name"),
            services=tuple(_service(name, body, data) for name, body in services.items()),
            networks=external_names(data, "networks"),
            volumes=external_names(data, "volumes"),
            own_volumes=tuple(_own_volumes(data)),
            published=tuple(port for name, body in services.items() for port in _published(name, body)),
            host_files=tuple(host_files(data)),
        )


def read_yaml(text: str) -> dict[str, Any]:
    """A rendered file, before any program has read it."""
    import yaml  # only a dry run and `--host` read the file themselves

    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe ones
    return data if isinstance(data, dict) else {}


def entries(data: Mapping[str, Any], section: str) -> dict[str, dict[str, Any]]:
    """The entries of a section. Raises OutsideError for one that can't be read."""
    found = CONFIG.mapping(data.get(section), section)
    return {key: CONFIG.mapping(body, f"{section}.{key}") for key, body in found.items()}


def external_names(data: dict[str, Any], section: str) -> tuple[str, ...]:
    """The real names of a section's external entries, in order, each once. Also reads raw Compose files.

    Raises OutsideError for a section that can't be read.
    """
    names = [
        CONFIG.text(body.get("name"), f"{section}.{key}.name") or str(key)
        for key, body in entries(data, section).items()
        if body.get("external")
    ]
    return tuple(dict.fromkeys(names))


def own_names(data: dict[str, Any], section: str) -> tuple[str, ...]:
    """The same for a section's own entries, of what `config` prints."""
    own = ((key, body) for key, body in entries(data, section).items() if not body.get("external"))
    return tuple(dict.fromkeys(CONFIG.text(body.get("name"), f"{section}.{key}.name") or str(key) for key, body in own))


def _own_volumes(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, body in entries(data, "volumes").items():
        if not body.get("external"):
            yield key, CONFIG.text(body.get("name"), f"volumes.{key}.name") or key


def _service(name: str, body: dict[str, Any], data: dict[str, Any]) -> ServiceModel:
    at = f"services.{name}"
    deploy = CONFIG.mapping(body.get("deploy"), f"{at}.deploy")
    policy = CONFIG.mapping(deploy.get("restart_policy"), f"{at}.deploy.restart_policy")
    restart = (
        CONFIG.text(body.get("restart"), f"{at}.restart")
        or CONFIG.text(policy.get("condition"), f"{at}.deploy")
        or "no"
    )
    replicas = CONFIG.number(body.get("scale", deploy.get("replicas", 1)), f"{at}.scale")
    labels = dict(_texts(body, "labels", at))
    is_server = labels.get("traefik.enable", "").lower() == "true" or bool(body.get("ports"))
    finishes = restart.partition(":")[0] in ("no", "none", "on-failure") and not is_server
    return ServiceModel(
        name,
        CONFIG.text(body.get("image"), f"{at}.image"),
        finishes,
        replicas,
        labels=labels,
        command=tuple(_single(word, f"{at}.command") for word in CONFIG.items(body.get("command"), at)),
        environment=dict(_texts(body, "environment", at)),
        networks=tuple(_real_names(CONFIG.mapping(body.get("networks"), f"{at}.networks"), data)),
        has_start_interval="start_interval" in CONFIG.mapping(body.get("healthcheck"), f"{at}.healthcheck"),
        container_name=CONFIG.text(body.get("container_name"), f"{at}.container_name"),
        user=CONFIG.text(body.get("user"), f"{at}.user"),
        userns_mode=CONFIG.text(body.get("userns_mode"), f"{at}.userns_mode"),
    )


def _texts(body: dict[str, Any], key: str, at: str) -> Iterator[tuple[str, str]]:
    for name, value in CONFIG.mapping(body.get(key), f"{at}.{key}").items():
        yield name, _single(value, f"{at}.{key}.{name}")


def _single(value: object, what: str) -> str:
    """`config` doubles each dollar again, so that its output can be read as a Compose file."""
    return CONFIG.text(value, what).replace("$$", "$")


def _real_names(used: Iterable[str], data: dict[str, Any]) -> Iterator[str]:
    declared = CONFIG.mapping(data.get("networks"), "networks")
    for key in used:
        network = CONFIG.mapping(declared.get(key), f"networks.{key}")
        yield CONFIG.text(network.get("name"), f"networks.{key}.name") or key


def _published(name: str, body: dict[str, Any]) -> Iterator[Published]:
    at = f"services.{name}.ports"
    for port in CONFIG.mappings(body.get("ports"), at):
        number = CONFIG.text(port.get("published"), at)
        # A range means "any of these", and 0 or an empty value "any": the engine finds a free port.
        if number.isascii() and number.isdigit() and 0 < CONFIG.number(number, at) < _PORTS:
            yield Published(
                CONFIG.number(number, at), CONFIG.text(port.get("protocol"), at) or "tcp", _address(port, at), name
            )


def _address(port: dict[str, Any], at: str) -> str:
    """Raises OutsideError if it is not an address: a socket of ours will be bound to it."""
    address = CONFIG.text(port.get("host_ip"), at).strip("[]")
    try:
        return str(ipaddress.ip_address(address)) if address else ""
    except ValueError:
        CONFIG.refuse(f"printed `{shown(address)}` as an address of `{at}`")


def host_files(data: dict[str, Any]) -> Iterator[HostFile]:
    """What the engine opens on its own host: bind mounts, and the files of secrets and configs.

    Also reads raw Compose files. Raises OutsideError for a section that can't be read.
    """
    for name, body in entries(data, "services").items():
        at = f"services.{name}"
        for mount in CONFIG.items(body.get("volumes"), f"{at}.volumes"):
            if source := _bound(mount, at):
                yield HostFile(at, source)
    for section in ("secrets", "configs"):
        for key, body in entries(data, section).items():
            if file := body.get("file"):
                yield HostFile(f"{section}.{key}", CONFIG.text(file, f"{section}.{key}"))


def _bound(mount: object, at: str) -> str:
    """The source of a bind mount, in long or short form; "" for anything else."""
    if isinstance(mount, str):
        source = mount.partition(":")[0]
        return source if source.startswith((".", "/", "~")) else ""
    long = CONFIG.mapping(mount, f"{at}.volumes")
    return CONFIG.text(long.get("source"), f"{at}.volumes") if long.get("type") == "bind" else ""
