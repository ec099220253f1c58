"""`network_mode` of a service that Traefik is to reach on its own network.

What it does
    Refuses `network_mode` under `extra` of a service with a `host`, with labels for Traefik, with error pages that
    Traefik asks for, or with `networks`, and of Traefik itself.

Why
    Compose refuses a service that has both `network_mode` and `networks`, and Traefik finds containers by its network.

Example
    `homeassistant: {host: home.example.com, port: 8123, extra: {network_mode: host}}`

Instead
    Two services: the container without a `host`, and one of `kind: external` with it. Its `url` leads to
    `http://host.docker.internal:8123` where the mode is `host`, and to `http://vpn:8080` where it is `service:vpn`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.data import mapping
from edgegen.core.location import Path
from edgegen.core.show import shown
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, service_layers
from edgegen.spec.service import THE_HOST

ID = "ER037"
_KEY = "network_mode"
_REMOVE = "remove it: a service that Traefik asks is on Traefik's network"


def check(spec: Spec) -> Iterator[Violation]:
    """Everything that `extra` is laid over."""
    laid = (spec.edge.extra, *(item.extra for item in spec.services.values()), *_laid_over(spec))
    if not any(_KEY in keys for keys in laid):
        return  # most specs
    for name, layers in service_layers(spec, ()).items():
        modes = [(layer.at, layer.keys[_KEY]) for layer in layers if layer.keys.get(_KEY)]
        if not modes or any("networks" in layer.keys for layer in layers):
            continue
        at, mode = modes[-1]
        if name == EDGE:
            if spec.has_own_edge:
                message = "Traefik has networks, and Compose refuses `network_mode` together with `networks`"
                yield Violation((*at, _KEY), message, "remove it: Traefik reaches services by its own network")
        elif name in spec.services:
            yield from _of_service(spec, name, (*at, _KEY), str(mode))


def _laid_over(spec: Spec) -> Iterator[Mapping[str, object]]:
    return map(mapping, mapping(spec.extra.get("services")).values())


def _of_service(spec: Spec, name: str, at: Path, mode: str) -> Iterator[Violation]:
    service = spec.services[name]
    container = service.as_container
    asked = service.own_hosts or service.labels_by_hand or name in spec.page_servers
    if asked and not spec.edge.is_none:
        message = (
            f"`network_mode: {shown(mode)}` takes `{name}` off Traefik's network, and Compose refuses the two together"
        )
        port = container.port if container and container.port else "PORT"
        yield Violation(at, message, _instead(mode, port) if service.own_hosts else _REMOVE)
    elif container is not None and container.networks:
        message = f"Compose refuses `network_mode: {shown(mode)}` together with `networks`"
        yield Violation(at, message, "remove one of them")


def _instead(mode: str, port: object) -> str:
    other = THE_HOST if mode == "host" else mode.removeprefix("service:") if mode.startswith("service:") else ""
    if other:
        url = f"http://{shown(other)}:{port}"
        return f'move the `host` to a separate service: `{{kind: external, host: …, url: "{url}"}}`'
    return _REMOVE
