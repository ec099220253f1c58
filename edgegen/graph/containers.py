"""The containers of a project with what they publish and the networks that they are on. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from edgegen.core.data import items as listed
from edgegen.core.data import mapping
from edgegen.desired.build import Desired
from edgegen.desired.edge import TRAEFIK
from edgegen.desired.socket_proxy import SOCKET_PROXY
from edgegen.graph.routing import labels_of, text
from edgegen.spec.ports import on_host

DEFAULT = "default"
_PORTS = ("loadbalancer.server.port",)


class Network(Struct, frozen=True):
    """A network of a container. `of_traefik`: Traefik reaches the container on it."""

    name: str
    lines: tuple[str, ...]
    of_traefik: bool


class Container(Struct, frozen=True):
    """One container."""

    name: str
    lines: tuple[str, ...]
    published: tuple[str, ...]
    networks: tuple[Network, ...]
    is_edge: bool


def containers(desired: Desired, file: Mapping[str, Any]) -> Iterator[Container]:
    """Every container of the rendered file, in its order."""
    for name, service in file.get("services", {}).items():
        yield Container(
            name,
            tuple(_lines(service)),
            tuple(map(_published, listed(service.get("ports")))),
            tuple(_networks(desired, file, service)),
            name in (TRAEFIK, SOCKET_PROXY) and name not in desired.spec.services,
        )


def _lines(service: Mapping[str, Any]) -> Iterator[str]:
    if image := service.get("image"):
        yield text(image)
    elif build := service.get("build"):
        yield f"built from {text(build.get('context', '.') if isinstance(build, dict) else build)}"
    details = [*_served(labels_of(service))]
    if replicas := mapping(service.get("deploy")).get("replicas"):
        details.append(f"{text(replicas)} replicas")
    if details:
        yield ", ".join(details)


def _served(labels: Mapping[str, str]) -> Iterator[str]:
    """The ports that Traefik asks."""
    ports = {value: None for label, value in labels.items() if label.lower().endswith(_PORTS)}
    schemes = [value for label, value in labels.items() if label.lower().endswith("loadbalancer.server.scheme")]
    if ports:
        yield f"port {', '.join(ports)}" + (f" ({schemes[0]})" if schemes else "")


def _published(port: Any) -> str:
    """`127.0.0.1:3000`, `*:53/udp`; `*:any` where the engine chooses."""
    if isinstance(port, dict):
        address, published, protocol = port.get("host_ip"), port.get("published"), port.get("protocol", "tcp")
    else:
        address, published, protocol = on_host(text(port))
    shown = f"[{address}]" if address and ":" in text(address) else text(address or "*")
    return f"{shown}:{text(published or 'any')}" + ("" if protocol == "tcp" else f"/{text(protocol)}")


def _networks(desired: Desired, file: Mapping[str, Any], service: Mapping[str, Any]) -> Iterator[Network]:
    if mode := service.get("network_mode"):
        yield Network(f"network_mode: {text(mode)}", (), of_traefik=False)
        return
    reached = labels_of(service).get(f"traefik.{desired.target.provider}.network", "")
    for name in service.get("networks") or (DEFAULT,):
        options = mapping(mapping(file.get("networks")).get(name))
        real = _real_name(desired, name, options)
        flags = [flag for flag in ("internal", "external") if options.get(flag)]
        if options.get("external") and real != name:
            flags.append(real)
        yield Network(name, (", ".join(flags),) if flags else (), of_traefik=bool(reached) and real == reached)


def _real_name(desired: Desired, name: str, options: Mapping[str, Any]) -> str:
    own = name if options.get("external") else desired.target.real_name(desired.spec.name, name)
    return text(options.get("name") or own)
