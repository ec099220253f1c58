"""Two stacks with an edge each on one swarm: neither Traefik reads the other's labels, nor orders its certificates."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.authority import Authority
from tests.lab.clients import Client, wait_for_certificate
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure_images
from tests.lab.stack import Stack
from tests.lab.waiting import until
from tests.sizes import sized

SECONDS = sized(20, 60)
"""How long the two run side by side: Traefik asks every two."""
SPEC = """\
name: {name}
target: swarm
domains: {{{zone}: {{addresses: [10.99.0.1]}}}}
{acme}
edge: {{dashboard: {{host: traefik.{zone}, users: [me]}}, ports: {{web: {web}, websecure: {websecure}}}}}
middlewares: {{marked: {{kind: headers, custom_response_headers: {{X-Stack: {name}}}}}}}
services:
  web: {{image: "w:1", port: 80, host: www.{zone}, middlewares: [marked]}}
  old: {{kind: redirect, host: old.{zone}, to: "https://www.{zone}"}}
"""
PORTS = {"one": (80, 443), "two": (8081, 8443)}


def spec(name: str) -> str:
    web, websecure = PORTS[name]
    acme = "acme: {ca: local}" if name == "two" else ""  # Pebble can only reach port 80, which is `one`'s
    return SPEC.format(name=name, zone=f"{name}.test", web=web, websecure=websecure, acme=acme)


@pytest.fixture
def two(one_node: Ground, authority: Authority, tmp_path: Path) -> Iterator[dict[str, Stack]]:
    stacks = {name: Stack(one_node, authority, tmp_path / name) for name in PORTS}
    node = docker(one_node, "node", "ls", "-q").strip()
    for name, stack in stacks.items():
        stack.folder.mkdir()
        (stack.folder / "edge.yaml").write_text(spec(name))
        docker(one_node, "node", "update", "--label-add", f"edgegen.{name}.edge=true", node)
    stacks["one"].use_lab_authority()
    try:
        yield stacks
    finally:
        docker(one_node, "stack", "rm", *stacks)
        until("the stacks are gone", lambda: not docker(one_node, "ps", "-q").strip())
        docker(one_node, "swarm", "leave", "--force")


def start(stack: Stack, name: str) -> str:
    """Render and deploy; gives the dashboard's password."""
    rendered = json.loads(stack.edgegen("render", "--json").stdout)
    ensure_images(stack.ground, yaml.safe_load((stack.folder / "stack.yml").read_text()))
    deploy(stack, name)
    return str(rendered["credentials"][0]["password"])


def deploy(stack: Stack, name: str) -> None:
    words = ("stack", "deploy", "--resolve-image", "never", "--detach=true", "-c", "stack.yml", name)
    stack.ground.run("docker", *words, cwd=stack.folder, seconds=120)


def routers(stack: Stack, name: str, password: str) -> dict[str, str]:
    with suppress(OSError):
        client = Client(stack.ground, credentials=("me", password), port=PORTS[name][1])
        answer = client.get(f"traefik.{name}.test", "/api/rawdata")
        if answer.status == 200:
            data: dict[str, Any] = json.loads(answer.body)
            return {key: item["rule"] for key, item in data["routers"].items() if not key.endswith("@internal")}
    return {}


def said(stack: Stack, name: str) -> str:
    done = stack.ground.run("docker", "service", "logs", "--raw", f"{name}_traefik", seconds=60)
    return done.stdout + done.stderr


def test_each_edge_knows_its_own_stack_only(two: dict[str, Stack]) -> None:
    passwords = {name: start(stack, name) for name, stack in two.items()}
    own = {f"{router}-{way}@swarm" for router in ("web", "old", "dashboard") for way in ("http", "https")}
    for name, stack in two.items():
        until(
            f"the routers of {name}", lambda name=name, stack=stack: set(routers(stack, name, passwords[name])) == own
        )
    wait_for_certificate(two["one"].ground, "www.one.test")
    began = time.monotonic()
    before = {name: said(stack, name) for name, stack in two.items()}
    docker(two["two"].ground, "service", "update", "--force", "--detach", "two_web")
    while time.monotonic() - began < SECONDS:
        for name, stack in two.items():
            rules = routers(stack, name, passwords[name])
            assert set(rules) == own
            assert all(re.search(rf"\.{name}\.test`", rule) for rule in rules.values()), rules
        time.sleep(1)
    for name, stack in two.items():
        other = next(key for key in two if key != name)
        text = said(stack, name)
        assert f"{other}.test" not in text, "it has read the other stack's labels"
        later = text.removeprefix(before[name])
        assert not [line for line in later.splitlines() if " ERR " in line]

    # The planted fault: an edge that reads everything loses the middlewares that both define, and says so.
    text = (two["two"].folder / "edge.yaml").read_text()
    (two["two"].folder / "edge.yaml").write_text(text.replace("edge: {", "edge: {serves: all, "))
    two["two"].edgegen("render")
    deploy(two["two"], "two")
    until("the clash", lambda: "defined multiple times" in said(two["two"], "two"))
    assert set(routers(two["two"], "two", passwords["two"])) != own
