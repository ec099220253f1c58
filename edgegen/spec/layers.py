"""Each service as the layers that make it: the spec's own keys, then what the `extra:` sections lay over them. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from edgegen.core.data import mapping
from edgegen.core.location import Path
from edgegen.spec.edge import Spec

EDGE = "traefik"
"""The edge's own service; `edge.extra` is laid over it."""
SOCKET_PROXY = "docker-socket-proxy"
"""The service between Traefik and the Docker socket."""


class Layer(NamedTuple):
    """Compose keys of one service, and where they stand in the spec."""

    keys: dict[str, Any]
    at: Path


def service_layers(spec: Spec, keys: Collection[str]) -> dict[str, list[Layer]]:
    """The layers of every service, the lowest first. Of the spec's own keys only `keys`; of `extra` everything."""
    found: dict[str, list[Layer]] = {EDGE: [Layer(spec.edge.extra, ("edge", "extra"))]}
    for name, service in spec.services.items():
        at: Path = ("services", name)
        own = service.model_dump(include=set(keys) - service.other_meanings)
        found[name] = [Layer(own, at), Layer(service.extra, (*at, "extra"))]
    for name, extra in mapping(spec.extra.get("services")).items():
        found.setdefault(name, []).append(Layer(mapping(extra), ("extra", "services", name)))
    return found


def bind_source(volume: Any) -> str:
    """The path of the host that an entry of `volumes` mounts; "" for a volume of the engine."""
    if isinstance(volume, dict):
        return str(volume.get("source") or "") if volume.get("type") == "bind" else ""
    source, colon, _ = str(volume).partition(":")
    return source if colon and source.startswith((".", "/", "~")) else ""
