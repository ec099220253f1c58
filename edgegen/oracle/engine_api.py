"""A Docker Engine that only answers questions: the five end points that Traefik's docker provider asks.

`EngineApi` serves them on a unix socket with any `/v1.xx` prefix. Nothing runs: a container is a name, its labels
and its networks, so hundreds of them cost nothing, and what Traefik makes of the labels is the real Traefik's word.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from edgegen.oracle.engine_http import UnixServer, serving
from edgegen.oracle.short_folder import SOCKET, short_folder
from edgegen.system.thread import start

API_VERSION = "1.44"
OLDEST_VERSION = "1.24"
"""What the engine still takes: every Traefik gets an answer, the newest Docker or not."""
Container = Mapping[str, Any]
"""`name`, `labels`, `networks` (names, or name -> address); also `ports` (exposed ones) and `health`."""


class EngineApi:
    """A context manager; `endpoint` is what `--providers.docker.endpoint` takes.

    `containers`: mappings with `name`, `labels` (str -> str) and `networks`, a list of real network names or a mapping
    of name -> IPv4 address. Optional: `ports` (a list of exposed TCP ports), `health` (`healthy`, `starting`,
    `unhealthy`). `update` puts others in their place and tells the listeners of `/events`. `requests` is every
    request line so far, and `asked` waits for one of them.
    """

    version = API_VERSION

    def __init__(self, containers: Iterable[Container] = (), *, socket_path: Path | None = None) -> None:
        self._folder = short_folder("docker-api-")
        self.socket_path = socket_path or Path(self._folder.name) / SOCKET
        self.requests: list[str] = []
        self._containers = _inspected(containers)
        self._changed = threading.Condition()
        self._generation = 0
        self._closing = False

    @property
    def endpoint(self) -> str:
        """The socket as a URL."""
        return f"unix://{self.socket_path}"

    def __enter__(self) -> Self:
        self._server = UnixServer(str(self.socket_path), serving(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        start(self._thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._folder.cleanup()

    def update(self, containers: Iterable[Container]) -> None:
        """Replace the containers, and send one event that makes Traefik ask again."""
        with self._changed:
            self._containers = _inspected(containers)
            self._generation += 1
            self._changed.notify_all()

    def asked(self, part: str, *, seconds: float = 10) -> bool:
        """Wait until a request line holds `part`; False where none came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: any(part in line for line in self.requests), timeout=seconds)

    # What the handler needs.

    def noted(self, line: str) -> None:
        """Remember a request."""
        with self._changed:
            self.requests.append(line)
            self._changed.notify_all()

    def answer(self, path: str, query: str = "") -> Any:  # noqa: ARG002 - for those who filter
        """The JSON of a path, or None for a 404."""
        if path == "/version":
            return {"ApiVersion": API_VERSION, "MinAPIVersion": OLDEST_VERSION, "Version": "29.0.0", "Os": "linux"}
        if path == "/containers/json":
            return [_listed(container) for container in self._containers.values()]
        if found := re.fullmatch(r"/containers/([^/]+)/json", path):
            return self._containers.get(found.group(1))
        return None

    def next_event(self, seen: int) -> int | None:
        """Wait for a generation after `seen`; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._generation > seen)
            return None if self._closing else self._generation

    @property
    def generation(self) -> int:
        """How often the containers were replaced."""
        return self._generation


def _inspected(containers: Iterable[Container]) -> dict[str, dict[str, Any]]:
    answers = [_container(index, container) for index, container in enumerate(containers)]
    return {answer["Id"]: answer for answer in answers}


def _container(index: int, container: Container) -> dict[str, Any]:
    name = str(container["name"])
    addresses = _addresses(container["networks"], index)
    ports = {f"{port}/tcp": None for port in container.get("ports", ())}
    state: dict[str, Any] = {"Status": "running", "Running": True}
    if health := container.get("health"):
        state["Health"] = {"Status": health}
    return {
        "Id": hashlib.sha256(f"{index} {name}".encode()).hexdigest(),
        "Name": f"/{name}",
        "State": state,
        "Config": {"Labels": dict(container["labels"]), "ExposedPorts": {key: {} for key in ports}},
        "HostConfig": {"NetworkMode": _mode(addresses)},
        "NetworkSettings": {
            "Ports": ports,
            "Networks": {
                network: {"NetworkID": hashlib.sha256(network.encode()).hexdigest(), "IPAddress": address}
                for network, address in addresses.items()
            },
        },
    }


def _mode(addresses: Iterable[str]) -> str:
    """Never one of the engine's own modes: of a container in `host` Traefik asks the DNS."""
    return next((name for name in addresses if name != "host" and not name.startswith("container:")), "bridge")


def _addresses(networks: Sequence[str] | Mapping[str, str], index: int) -> dict[str, str]:
    if isinstance(networks, Mapping):
        return dict(networks)
    first = int(IPv4Address("10.64.0.1"))
    return {network: str(IPv4Address(first + (position << 16) + index)) for position, network in enumerate(networks)}


def _listed(container: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Id": container["Id"],
        "Names": [container["Name"]],
        "Labels": container["Config"]["Labels"],
        "State": "running",
        "Status": "Up 1 second",
        "HostConfig": container["HostConfig"],
        "NetworkSettings": {"Networks": container["NetworkSettings"]["Networks"]},
    }
