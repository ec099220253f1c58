"""Traefik's dynamic configuration as labels of its own service, as far as labels can say it.

Swarm changes labels of a service without another task, while a changed config starts another Traefik. What labels
can't say (TLS options, servers transports, a list item with a comma) stays in files.
"""

from __future__ import annotations

from typing import Any

from edgegen.targets.base import Dynamic
from edgegen.traefik.labels import dynamic_labels

Files = dict[str, dict[str, Any]]

_ENABLED = {"traefik.enable": "true"} | {
    f"traefik.http.services.{name}.loadbalancer.server.port": "9" for name in ("no-server", "no-server-either")
}
"""The provider wants a port of each service that it looks at. Nothing is routed to these: for a service of one port and
no router Traefik makes its own, on every entrypoint, and for one of two it makes none."""


def is_said(data: dict[str, Any]) -> bool:
    """Whether labels can say a middleware."""
    return _said("traefik", data) is not None


def said_by_labels(dynamic: Dynamic) -> tuple[dict[str, str], Files]:
    """The labels, and the files with the rest."""
    labels: dict[str, str] = {}
    files: Files = {}
    for name, data in dynamic.items():
        for section, kinds in data.items():
            for kind, items in kinds.items():
                for key, item in items.items():
                    prefix = f"traefik.{section}.{kind}.{key}"
                    said = _labels(section, kind, prefix, item)
                    if said is None:
                        files.setdefault(name, {}).setdefault(section, {}).setdefault(kind, {})[key] = item
                    else:
                        labels |= said
    return (_ENABLED | labels if labels else {}), files


def _labels(section: str, kind: str, prefix: str, item: dict[str, Any]) -> dict[str, str] | None:
    if section not in ("http", "tcp") or kind not in ("routers", "services", "middlewares"):
        return None
    return _said(prefix, _server(item) if kind == "services" else item)


def _said(prefix: str, data: dict[str, Any]) -> dict[str, str] | None:
    try:
        return dynamic_labels(prefix, data)
    except ValueError:
        return None


def _server(item: dict[str, Any]) -> dict[str, Any]:
    """A service of a file as labels have it: with one server, and a transport that stays in the file."""
    balancer = dict(item["loadBalancer"])
    (server,) = balancer.pop("servers")
    if transport := balancer.get("serversTransport"):
        balancer["serversTransport"] = f"{transport}@file"
    return {"loadBalancer": {"server": server, **balancer}}
