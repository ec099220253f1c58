"""A swarm's manager that takes a stack from the real `docker stack deploy` and keeps what it was given.

`docker stack config` prints YAML, and loses line breaks at the beginning of a text; what `deploy` sends is JSON, and
is what a swarm gets.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.fakes.docker_api import API_VERSION, UnixServer
from tests.lab.parts import program

Data = dict[str, Any]
KINDS = ("services", "networks", "secrets", "configs")


class FailedDeployError(Exception):
    """`docker stack deploy` ended with an error; the text is its own."""


class SwarmTaking:
    """A context manager. `taken`: kind -> name -> the object as the client sent it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="swarm-taking-")
        self._path = Path(self._folder.name) / "docker.sock"
        self.taken: dict[str, dict[str, Data]] = {kind: {} for kind in KINDS}

    def __enter__(self) -> Self:
        self._server = UnixServer(str(self._path), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._folder.cleanup()

    def deploy(self, stack: Path, name: str, variables: Mapping[str, str] | None = None) -> None:
        """`docker stack deploy` of a file. Raises FailedDeployError."""
        argv = [program("docker"), "-H", f"unix://{self._path}", "stack", "deploy", "--detach=true"]
        argv += ["--resolve-image", "never", "-c", stack.name, name]
        done = subprocess.run(
            argv, cwd=stack.parent, env={"PATH": "/usr/bin:/bin", "HOME": str(stack.parent), **(variables or {})},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode:
            raise FailedDeployError(done.stderr)

    def content(self, kind: str, name: str) -> bytes:
        """What a secret or a config holds."""
        return base64.b64decode(self.taken[kind][name]["Data"])

    # What the handler needs.

    def listed(self, kind: str, query: str) -> list[Data]:
        """The objects of a kind that pass a query's filters by name."""
        wanted = json.loads(parse_qs(query).get("filters", ["{}"])[0]).get("name")
        return [
            {"ID": f"{kind}-{name}", "Id": f"{kind}-{name}", "Name": name, "Scope": "swarm", "Driver": "overlay",
             "Version": {"Index": 1}, "Spec": spec}
            for name, spec in self.taken[kind].items()
            if wanted is None or name in wanted
        ]  # fmt: skip

    def take(self, kind: str, spec: Data) -> Data:
        """Keep an object, and say under which id."""
        self.taken[kind][spec["Name"]] = spec
        return {"ID": f"{kind}-{spec['Name']}", "Id": f"{kind}-{spec['Name']}", "Warning": ""}


def _handler(swarm: SwarmTaking) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._send(200, b"")

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            words = re.sub(r"^/v1\.\d+(?=/)", "", url.path).strip("/").split("/")
            if words == ["_ping"]:
                self._send(200, b"OK")
            elif words == ["info"]:
                self._json({"Swarm": {"NodeID": "n", "LocalNodeState": "active", "ControlAvailable": True}})
            elif len(words) == 1 and words[0] in KINDS:
                self._json(swarm.listed(words[0], url.query))
            elif len(words) == 2 and words[1] in swarm.taken.get(words[0], {}):
                self._json(swarm.listed(words[0], f'filters={{"name":{{"{words[1]}":true}}}}')[0])
            else:
                self._send(404, json.dumps({"message": f"no such thing: {self.path}"}).encode())

        def do_POST(self) -> None:
            words = re.sub(r"^/v1\.\d+(?=/)", "", urlsplit(self.path).path).strip("/").split("/")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert len(words) == 2 and words[1] == "create" and words[0] in KINDS, self.path
            self._json(swarm.take(words[0], body), 201)

        def _json(self, data: Any, code: int = 200) -> None:
            self._send(code, json.dumps(data).encode())

        def _send(self, code: int, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Api-Version", API_VERSION)
            self.send_header("Ostype", "linux")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def address_string(self) -> str:
            return "unix"

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler
