"""What `traefik_labels` are accepted changes no answer that edgegen's own routers give: asked of the real Traefik.

Hundreds of routers are made up by chance for the services of one spec. Those that the rules accept are put before
Traefik, with a server behind each container, and every known host is asked on both ports and several paths.
"""

from __future__ import annotations

import http.client
import json
import random
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.desired.build import Desired, build
from edgegen.rules import violations
from edgegen.spec.load import load_text
from tests.fakes.docker_api import FakeDockerApi
from tests.rules.traefik_labels import router, service, spec
from tests.traefik.process import Traefik, free_port, running

pytestmark = pytest.mark.lab

HOSTS = ("open.example.com", "www.open.example.com", "shut.example.com", "chained.example.com", "hub.example.com",
         "b.wild.example.com", "edge.example.com", "moved.example.com", "nas.example.com")  # fmt: skip
NEW = ("own.example.com", "x.wild.example.com")
"""Names that nobody has. Below a wildcard a whole name may be anybody's: `b.wild…` is named by no rule."""
PATHS = ("/", "/x", "/api/v2", "/v2/")
GUARDED = {"shut:80", "chained:80", "any:80", "hub:5000"}
Answer = tuple[int, str, str]
"""Status, Location, and who answered."""


@contextmanager
def server(address: str, port: int, name: str) -> Iterator[None]:
    """A server that says its name."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(name)))
            self.end_headers()
            self.wfile.write(name.encode())

        def log_message(self, *_: object) -> None:
            """Silent."""

    serving = ThreadingHTTPServer((address, port), Handler)
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        serving.shutdown()
        thread.join()
        serving.server_close()


@dataclass
class World:
    """A Traefik that reads what it is told to, and the servers behind it."""

    engine: FakeDockerApi
    traefik: Traefik
    secure: int
    users: str
    subnet: str
    turn: int = 0

    def show(self, text: str) -> None:
        """Let Traefik read this spec's labels, and wait until it has."""
        self.turn += 1
        self.engine.update([*self._containers(desired_of(text)), self._sentinel()])
        name = f"turn{self.turn}@docker"
        data = self.traefik.until(lambda data: name in data.get("routers", {}))
        assert name in data["routers"], self.traefik.log[-3:]

    def _containers(self, desired: Desired) -> list[dict[str, Any]]:
        found = []
        for index, name in enumerate(SERVED):
            body = plain(desired.file.services[name].labels) or {}
            labels = {
                key: self.users if key.endswith("usersfile") else str(value)
                for key, value in body.items()
                if key != "traefik.docker.network"
            }
            found.append({"name": name, "labels": labels, "networks": {"net": f"{self.subnet}.{index + 1}"}})
        return found

    def _sentinel(self) -> dict[str, Any]:
        labels = {
            "traefik.enable": "true",
            f"traefik.http.routers.turn{self.turn}.rule": "Host(`turn.invalid`)",
            f"traefik.http.routers.turn{self.turn}.service": "noop@internal",
        }
        return {"name": "zz-turn", "labels": labels, "networks": {"net": f"{self.subnet}.99"}, "ports": [1]}

    def answers(self, hosts: tuple[str, ...]) -> dict[tuple[str, str, str], Answer]:
        """What everybody gets who has no password. One visitor at each port: Traefik goes by the host of each request,
        and shows all of these hosts its own certificate."""
        address, timeout = "127.0.0.1", 10
        plain = http.client.HTTPConnection(address, self.traefik.web_port, timeout=timeout)
        secure = http.client.HTTPSConnection(
            address, self.secure, timeout=timeout, context=ssl._create_unverified_context()
        )
        with closing(plain), closing(secure):
            return {
                (port, host, path): ask(connection, host, path)
                for port, connection in (("web", plain), ("websecure", secure))
                for host in hosts
                for path in PATHS
            }


def ask(connection: http.client.HTTPConnection, host: str, path: str) -> Answer:
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    return answer.status, answer.headers.get("Location", ""), body if ":" in body else ""


SERVED = ("open", "shut", "chained", "part", "any", "hub", "inner")
PORTS = {"open": (80, 81), "shut": (80, 81), "chained": (80, 81), "part": (8000, 81), "any": (80, 81),
         "hub": (5000, 81), "inner": (81,)}  # fmt: skip


def desired_of(text: str) -> Desired:
    return build(load_text(f"name: a\n{text}".encode()).spec)


def is_accepted(text: str) -> bool:
    """By the rules about labels; how certificates for a wildcard are had is another matter."""
    found = violations(load_text(f"name: a\n{text}".encode()).spec)
    return not any(item.refused and "traefik_labels" in item.path for item in found)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("labels")
    users = folder / "users"
    users.write_text("me:$2y$05$WV7ZBGTwqpHXZmB7h5Z6AOWcsmX8qTSrJqCJ3uO5h1m7xR7m4gkBm\n")
    dynamic = folder / "dynamic"
    dynamic.mkdir()
    subnet = f"127.{random.randrange(70, 120)}.{random.randrange(256)}"
    _write_dynamic(desired_of(spec()), dynamic, str(users), f"https://{subnet}.200:1")
    secure, tcp = free_port(), free_port()
    with ExitStack() as stack:
        for index, name in enumerate(SERVED):
            for port in PORTS[name]:
                stack.enter_context(server(f"{subnet}.{index + 1}", port, f"{name}:{port}"))
        engine = stack.enter_context(FakeDockerApi([]))
        flags = [
            "--providers.docker=true", "--providers.docker.exposedbydefault=false",
            f"--providers.docker.endpoint={engine.endpoint}", f"--providers.file.directory={dynamic}",
            f"--entrypoints.websecure.address=127.0.0.1:{secure}", f"--entrypoints.pg.address=127.0.0.1:{tcp}",
        ]  # fmt: skip
        traefik = stack.enter_context(running(flags))
        yield World(engine, traefik, secure, str(users), subnet)


def _write_dynamic(desired: Desired, folder: Path, users: str, nas: str) -> None:
    """`nas`: a closed port of the loopback. An address that nobody has would keep each question for seconds."""
    for name, data in desired.dynamic.items():
        (folder / name).write_text(json.dumps(_changed(data, {"usersFile": users, "url": nas})))


def _changed(data: Any, changes: Mapping[str, str]) -> Any:
    if isinstance(data, dict):
        return {key: changes.get(key) or _changed(item, changes) for key, item in data.items()}
    return [_changed(item, changes) for item in data] if isinstance(data, list) else data


def made_up(chance: random.Random) -> tuple[str, Mapping[str, str]]:
    """A router by chance, for one of the services, with or without a service of its own."""
    name = chance.choice(SERVED)
    host = chance.choice([*(name for name in HOSTS if ".wild." not in name), *NEW, *NEW, *NEW])
    rule = chance.choice([
        f"Host(`{host}`)", f"Host(`{host}`)", f"Host(`{host}`) && PathPrefix(`/x`)",
        f"Host(`{host}`) && Path(`/api/v2`)",
        f"Host(`{host}`) || Host(`own.example.com`)", f"!Host(`{host}`)", "PathPrefix(`/`)", "HostRegexp(`^.+$`)",
        f"Host(`own.example.com`) && !PathPrefix(`/x`) || Host(`{host}`) && Path(`/v2/`)", "Path(`/x`)",
        "HostRegexp(`^[a-z]+\\.wild\\.example\\.com$`)", f"(Host(`{host}`) || Path(`/api`)) && Method(`GET`)",
    ])  # fmt: skip
    options = {
        "entrypoints": chance.choice(["websecure", "websecure", "web", "web,websecure"]),
        "middlewares": chance.choice(["", "", "auth@file", "gate@file", "https-only", "hub-users", "gzip@file",
                                      "auth@file,https-only", "open-to-host"]),
        "priority": chance.choice(["", "", "1", "1000", "-200000"]),
    }  # fmt: skip
    if "websecure" not in options["entrypoints"]:
        options["tls.certresolver"] = ""
    more: dict[str, str] = {}
    target = chance.choice(["", "", "own", "own", "shut", "hub", "open@docker", "nas@file"])
    if target == "own":
        port = chance.choice(["81", "81", str(PORTS[name][0])])
        more = service(port)
        if chance.random() < 0.2:
            more = {"traefik.http.services.own.loadbalancer.server.url": "http://shut:80"}
    options["service"] = target
    return name, {**router(rule, **options), **more}


def wrong(world: World, text: str, known: Mapping[tuple[str, str, str], Answer]) -> list[tuple[object, ...]]:
    """Answers of known hosts that are others now, and guarded servers that answer who has no password."""
    world.show(text)
    found: list[tuple[object, ...]] = []
    for asked, answer in world.answers((*HOSTS, *NEW)).items():
        if asked[1] in HOSTS and answer != known[asked]:
            found.append((*asked, known[asked], answer))
        elif answer[2] in GUARDED:
            found.append((*asked, "no password", answer))
    return found


def test_the_ground_is_as_edgegen_makes_it(world: World) -> None:
    world.show(spec())
    known = world.answers(HOSTS)
    assert known["websecure", "open.example.com", "/x"] == (200, "", "open:80")
    assert known["websecure", "open.example.com", "/api/v2"] == (200, "", "part:8000")
    assert {
        known["websecure", f"{name}.example.com", "/"][0] for name in ("shut", "chained", "hub", "edge", "nas")
    } == {401}
    assert known["web", "open.example.com", "/"][0] in (301, 308)


@pytest.mark.parametrize("seed", [0])
def test_accepted_labels_change_no_answer(world: World, seed: int) -> None:
    world.show(spec())
    known = world.answers(HOSTS)
    chance = random.Random(seed)
    accepted = 0
    for _ in range(100):
        name, labels = made_up(chance)
        text = spec(labels, service=name)
        if is_accepted(text):
            accepted += 1
            assert wrong(world, text, known) == [], labels
    assert accepted >= 15


def test_refused_labels_would_have_changed_some(world: World) -> None:
    """Without the rules the same routers open what is shut: the test above can fail."""
    world.show(spec())
    known = world.answers(HOSTS)
    chance = random.Random(7)
    texts = [spec(labels, service=name) for name, labels in (made_up(chance) for _ in range(40))]
    refused = [text for text in texts if not is_accepted(text)]
    assert sum(bool(wrong(world, text, known)) for text in refused[:12]) >= 3
