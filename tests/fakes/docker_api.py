"""A Docker Engine that only answers questions: the five end points that Traefik's docker provider asks.

`FakeDockerApi` serves them on a unix socket with any `/v1.xx` prefix. Nothing runs: a container is a name, its labels
and its networks, so hundreds of them cost nothing, and what Traefik makes of the labels is the real Traefik's word.
"""

from __future__ import annotations

import hashlib
import json
import re
import socketserver
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

API_VERSION = "1.44"
Container = Mapping[str, Any]
"""`name`, `labels`, `networks` (names, or name -> address); also `ports` (exposed ones) and `health`."""


class FakeDockerApi:
    """A context manager; `endpoint` is what `--providers.docker.endpoint` takes.

    `containers`: mappings with `name`, `labels` (str -> str) and `networks`, a list of real network names or a mapping
    of name -> IPv4 address. Optional: `ports` (a list of exposed TCP ports), `health` (`healthy`, `starting`,
    `unhealthy`). `update` puts others in their place and tells the listeners of `/events`. `requests` is every
    request line so far, and `asked` waits for one of them.
    """

    def __init__(self, containers: Iterable[Container] = (), *, socket_path: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="docker-api-")  # a socket's path holds 107 bytes at most
        self.socket_path = socket_path or Path(self._folder.name) / "docker.sock"
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
        self._server = UnixServer(str(self.socket_path), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
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

    def answer(self, path: str, query: str = "") -> Any:  # for those who filter
        """The JSON of a path, or None for a 404."""
        if path == "/version":
            return {"ApiVersion": API_VERSION, "MinAPIVersion": "1.24", "Version": "29.0.0", "Os": "linux"}
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


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """HTTP on a unix socket, a thread for each connection."""

    daemon_threads = True
    block_on_close = False  # a client that keeps its connection open must not keep the test
    request_queue_size = 128


def _handler(api: FakeDockerApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._serve()

        def do_GET(self) -> None:
            self._serve()

        def _serve(self) -> None:
            api.noted(self.requestline)
            url = urlsplit(self.path)
            path = re.sub(r"^/v1\.\d+(?=/)", "", url.path)
            if path == "/_ping":
                self._send(200, b"OK", "text/plain")
            elif path == "/events":
                self._stream()
            else:
                data = api.answer(path, url.query)
                missing = {"message": f"page not found: {path}"}
                self._send(404 if data is None else 200, json.dumps(missing if data is None else data).encode())

        def _send(self, code: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(code)
            self.send_header("Api-Version", API_VERSION)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _stream(self) -> None:
            seen: int | None = api.generation
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            while (seen := api.next_event(seen or 0)) is not None:
                event = {"Type": "container", "Action": "start", "status": "start", "Actor": {"ID": str(seen)}}
                body = json.dumps(event).encode() + b"\n"
                self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
            self.wfile.write(b"0\r\n\r\n")
            self.close_connection = True

        def address_string(self) -> str:
            return "unix"

        def log_message(self, *_: object) -> None:
            """Silent."""

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # Traefik went away: nobody to tell

    return Handler


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
        "HostConfig": {"NetworkMode": next(iter(addresses), "none")},
        "NetworkSettings": {
            "Ports": ports,
            "Networks": {
                network: {"NetworkID": hashlib.sha256(network.encode()).hexdigest(), "IPAddress": address}
                for network, address in addresses.items()
            },
        },
    }


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


def routed(name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """A container that Traefik serves at `NAME.test`, with these labels laid over the ones that do it."""
    good = {
        "traefik.enable": "true",
        f"traefik.http.routers.{name}.rule": f"Host(`{name}.test`)",
        f"traefik.http.routers.{name}.entrypoints": "web",
        f"traefik.http.services.{name}.loadbalancer.server.port": "80",
    }
    return {"name": name, "labels": {**good, **labels}, "networks": ["net"]}
