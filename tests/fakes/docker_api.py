"""The oracle's engine under the name that tests know it by, and a container that Traefik serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgegen.oracle.engine_api import API_VERSION, EngineApi
from edgegen.oracle.engine_http import UnixServer

__all__ = ["API_VERSION", "FakeDockerApi", "UnixServer", "routed"]
FakeDockerApi = EngineApi


def routed(name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """A container that Traefik serves at `NAME.test`, with these labels laid over the ones that do it."""
    good = {
        "traefik.enable": "true",
        f"traefik.http.routers.{name}.rule": f"Host(`{name}.test`)",
        f"traefik.http.routers.{name}.entrypoints": "web",
        f"traefik.http.services.{name}.loadbalancer.server.port": "80",
    }
    return {"name": name, "labels": {**good, **labels}, "networks": ["net"]}
