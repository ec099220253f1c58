"""A rendered stack on a real swarm of one node: its routers, its secrets, and what an edit leaves alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.asking import Requests
from tests.lab.authority import Authority
from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.ground import Ground, stop
from tests.lab.images import ensure_images
from tests.lab.stack import Stack
from tests.lab.swarm_project import give_account
from tests.lab.waiting import until

SPEC = """\
name: shop
target: swarm
domains: {example.com: {addresses: [10.99.0.1]}}
edge: {dashboard: {host: traefik.example.com, users: [me]}}
middlewares:
  marked: {kind: headers, custom_response_headers: {X-Marked: "by, a label"}}
services:
  web:
    image: "w:1"
    port: 80
    host: www.example.com
    middlewares: [marked]
    deploy: {replicas: 2}
    secrets: [key, {source: other, target: /other, mode: "0400"}]
    configs: [motd, {source: words, target: /etc/words}]
    environment: {BRACES: "{{.Node.ID}}", DOLLAR: "a$", P: {secret: key}}
  hub: {kind: registry, host: hub.example.com, users: [ci]}
  old: {kind: redirect, host: old.example.com, to: "https://www.example.com/new"}
  nas: {kind: external, host: nas.example.com, url: "http://10.99.0.1:9000"}
secrets: {key: {generate: 32}, other: {generate: 20}}
configs: {motd: {file: motd.txt}, words: {content: "a $$word\\n"}}
"""


@dataclass
class Swarm:
    """The stack on its node."""

    stack: Stack
    passwords: dict[str, str]

    @property
    def ground(self) -> Ground:
        return self.stack.ground

    def deploy(self) -> None:
        rendered = json.loads(self.stack.edgegen("render", "--json").stdout)
        self.passwords |= {item["service"]: item["password"] for item in rendered["credentials"]}
        data = yaml.safe_load((self.stack.folder / "stack.yml").read_text())
        ensure_images(self.ground, data)
        give_account(self.ground, self.stack.folder)
        words = ("stack", "deploy", "--resolve-image", "never", "--prune", "--detach=true", "-c", "stack.yml", "shop")
        self.ground.run("docker", *words, cwd=self.stack.folder, seconds=120)

    def tasks(self, service: str) -> set[str]:
        """The containers of a service's running tasks."""
        found = docker(self.ground, "ps", "-q", "--filter", f"label=com.docker.swarm.service.name=shop_{service}")
        return set(found.split())

    def read(self, container: str, path: str) -> str:
        return docker(self.ground, "exec", container, "cat", path)

    def routers(self) -> dict[str, str]:
        answer = self.api("/api/http/routers")
        return {item["name"]: item["status"] for item in answer if not item["name"].endswith("@internal")}

    def api(self, path: str) -> Any:
        client = Client(self.ground, credentials=("me", self.passwords["dashboard"]))
        with suppress(OSError):
            answer = client.get("traefik.example.com", path)
            return json.loads(answer.body) if answer.status == 200 else []
        return []


@pytest.fixture
def swarm(one_node: Ground, authority: Authority, tmp_path: Path) -> Iterator[Swarm]:
    found = Swarm(Stack(one_node, authority, tmp_path / "project"), {})
    found.stack.write(SPEC)
    (found.stack.folder / "motd.txt").write_text("hello\n")
    node = docker(one_node, "node", "ls", "-q").strip()
    labels = [word for name in ("edge", "hub-data") for word in ("--label-add", f"edgegen.shop.{name}=true")]
    docker(one_node, "node", "update", *labels, node)
    outside = one_node.start(["python3", "-m", "http.server", "9000"])
    try:
        yield found
    finally:
        stop(outside)


ROUTERS = {
    f"{name}-{way}@swarm": "enabled" for name in ("web", "hub", "old", "nas", "dashboard") for way in ("http", "https")
}


def test_it_serves_what_the_spec_says_and_an_edit_leaves_traefik_alone(swarm: Swarm) -> None:
    swarm.deploy()
    until("all routers", lambda: swarm.routers() == ROUTERS)
    client = Client(swarm.ground, swarm.stack.root)
    for host in ("www.example.com", "hub.example.com", "old.example.com", "nas.example.com"):
        wait_for_certificate(swarm.ground, host)
    wait_for_status(client, "www.example.com", 200)
    answer = client.get("www.example.com")
    assert answer.headers["X-Marked"] == "by, a label"
    assert client.get("old.example.com", "/x").location == "https://www.example.com/new/x"
    wait_for_status(client, "nas.example.com", 200)
    assert client.get("hub.example.com", "/v2/").status == 401
    known = Client(swarm.ground, swarm.stack.root, credentials=("ci", swarm.passwords["hub"]))
    assert known.get("hub.example.com", "/v2/").status == 200

    inside = sorted(swarm.tasks("web"))[0]
    secrets = swarm.stack.folder / "secrets"
    assert swarm.read(inside, "/run/secrets/key") == (secrets / "key").read_text()
    assert swarm.read(inside, "/other") == (secrets / "other").read_text()
    assert (swarm.read(inside, "/motd"), swarm.read(inside, "/etc/words")) == ("hello\n", "a $word\n")
    variables = json.loads(docker(swarm.ground, "inspect", "-f", "{{json .Config.Env}}", inside))
    assert {"BRACES={{.Node.ID}}", "DOLLAR=a$"} <= set(variables)

    before = {name: swarm.tasks(name) for name in ("traefik", "docker-socket-proxy", "web")}
    text = (swarm.stack.folder / "edge.yaml").read_text()
    older = "  older: {kind: redirect, host: older.example.com, to: 'https://x.test'}\n"
    more = text.replace("services:\n", f"services:\n{older}")
    more = more.replace("middlewares:\n", "middlewares:\n  tight: {kind: compress}\n", 1)
    (swarm.stack.folder / "edge.yaml").write_text(f"# a comment\n{more}")
    swarm.deploy()
    until("the new routers", lambda: "older-https@swarm" in swarm.routers())
    assert client.get("www.example.com").status == 200
    assert {name: swarm.tasks(name) for name in before} == before

    (swarm.stack.folder / "motd.txt").write_text("changed\n")
    (secrets / "other").write_text("rotated")
    with Requests(client, "www.example.com") as requests:
        swarm.deploy()
        until("new tasks of the service that reads it", lambda: _are_replaced(before["web"], swarm.tasks("web")))
    assert requests.statuses == {200}, requests.statuses
    assert requests.count > 20
    inside = sorted(swarm.tasks("web") - before["web"])[0]
    assert (swarm.read(inside, "/motd"), swarm.read(inside, "/other")) == ("changed\n", "rotated")
    assert swarm.tasks("traefik") == before["traefik"]


def _are_replaced(before: set[str], now: set[str]) -> bool:
    return now.isdisjoint(before) and len(now) == 2
