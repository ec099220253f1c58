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
from tests.lab.ground import ADDRESS, Ground
from tests.lab.images import ensure_images
from tests.lab.stack import Stack
from tests.lab.waiting import until
from tests.sizes import sized

SECONDS = sized(10, 60)
"""How long the two run side by side: Traefik asks every two."""
SPEC = """\
name: {name}
target: swarm
domains: {{{zone}: {{addresses: [{address}]}}}}
edge: {{dashboard: {{host: traefik.{zone}, users: [me]}}, ports: {{web: {web}, websecure: {websecure}}}}}
middlewares: {{marked: {{kind: headers, custom_response_headers: {{X-Stack: {name}}}}}}}
services:
  web: {{image: "w:1", port: 80, host: www.{zone}, middlewares: [marked]}}
  old: {{kind: redirect, host: old.{zone}, to: "https://www.{zone}"}}
  {name}: {{image: "w:1", port: 80, host: own.{zone}}}
"""
PORTS = {"one": (80, 443), "two": (8081, 8443)}
ADDRESSES = {"one": ADDRESS, "two": "10.99.0.22"}
"""Pebble visits port 80 only; on the second address that is the port of `two`."""
SECOND = ("-d", ADDRESSES["two"], "-p", "tcp", "--dport", "80", "-j", "DNAT", "--to-destination", f"{ADDRESS}:8081")


def spec(name: str) -> str:
    web, websecure = PORTS[name]
    return SPEC.format(name=name, zone=f"{name}.pair.test", web=web, websecure=websecure, address=ADDRESSES[name])


def hosts(name: str) -> set[str]:
    """The hosts for which an edge needs certificates."""
    return {f"{word}.{name}.pair.test" for word in ("www", "old", "own", "traefik")}


@pytest.fixture
def second_address(one_node: Ground, authority: Authority) -> Iterator[None]:
    """Port 80 of another address is the port of the edge `two`, to which the names of its zone point."""
    one_node.run("ip", "address", "add", f"{ADDRESSES['two']}/32", "dev", "lo")
    one_node.run("iptables", "-t", "nat", "-I", "OUTPUT", *SECOND)
    for host in hosts("two"):
        authority.point(host, ADDRESSES["two"])
    yield
    one_node.run("iptables", "-t", "nat", "-D", "OUTPUT", *SECOND)
    one_node.run("ip", "address", "del", f"{ADDRESSES['two']}/32", "dev", "lo")


@pytest.fixture
def two(one_node: Ground, second_address: None, authority: Authority, tmp_path: Path) -> Iterator[dict[str, Stack]]:
    stacks = {name: Stack(one_node, authority, tmp_path / name) for name in PORTS}
    node = docker(one_node, "node", "ls", "-q").strip()
    for name, stack in stacks.items():
        stack.write(spec(name))
        docker(one_node, "node", "update", "--label-add", f"edgegen.{name}.edge=true", node)
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
    return asked(stack, name, password) or {}


def asked(stack: Stack, name: str, password: str) -> dict[str, str] | None:
    """The routers of a stack's Traefik with their rules; None where it did not answer."""
    with suppress(OSError):
        client = Client(stack.ground, credentials=("me", password), port=PORTS[name][1])
        answer = client.get(f"traefik.{name}.pair.test", "/api/rawdata")
        if answer.status == 200:
            data: dict[str, Any] = json.loads(answer.body)
            return {key: item["rule"] for key, item in data["routers"].items() if not key.endswith("@internal")}
    return None


def own(name: str) -> set[str]:
    return {f"{router}-{way}@swarm" for router in ("web", "old", name, "dashboard") for way in ("http", "https")}


def said(stack: Stack, name: str) -> str:
    done = stack.ground.run("docker", "service", "logs", "--raw", f"{name}_traefik", seconds=60)
    return done.stdout + done.stderr


def is_ordered_by_its_own(authority: Authority) -> None:
    """Each name was ordered by one account, and the account of one stack's edge ordered none of the other's."""
    by_name = authority.ordered()
    assert {host: len(by_name[host]) for name in PORTS for host in hosts(name)} == dict.fromkeys(
        hosts("one") | hosts("two"), 1
    )
    one, two = (set().union(*(by_name[host] for host in hosts(name))) for name in PORTS)
    assert len(one) == len(two) == 1
    assert one != two


def test_each_edge_knows_its_own_stack_only(two: dict[str, Stack], authority: Authority) -> None:
    orders = authority.orders()
    passwords = {name: start(stack, name) for name, stack in two.items()}
    for name, stack in two.items():
        until(
            f"the routers of {name}",
            lambda name=name, stack=stack: set(routers(stack, name, passwords[name])) == own(name),
        )
        for host in hosts(name):
            wait_for_certificate(stack.ground, host, PORTS[name][1])
    began = time.monotonic()
    before = {name: said(stack, name) for name, stack in two.items()}
    docker(two["two"].ground, "service", "update", "--force", "--detach", "two_web")
    answers = dict.fromkeys(two, 0)
    while time.monotonic() - began < SECONDS or min(answers.values()) < SECONDS / 4:
        for name, stack in two.items():
            rules = asked(stack, name, passwords[name])
            if rules is None:  # a busy machine drops a connection now and then; what is asked here is what it knows
                continue
            answers[name] += 1
            assert set(rules) == own(name)
            assert all(re.search(rf"\.{name}\.pair\.test`", rule) for rule in rules.values()), rules
        time.sleep(1)
    for name, stack in two.items():
        other = next(key for key in two if key != name)
        text = said(stack, name)
        assert f"{other}.pair.test" not in text, "it has read the other stack's labels"
        later = text.removeprefix(before[name])
        assert not [line for line in later.splitlines() if " ERR " in line]
    is_ordered_by_its_own(authority)
    assert authority.orders() - orders == len(hosts("one") | hosts("two")), "each name was ordered once"
    an_edge_that_reads_everything(two["two"], passwords["two"], authority)


def an_edge_that_reads_everything(stack: Stack, password: str, authority: Authority) -> None:
    """Planted: it loses the middlewares that both define, says so, and orders what is not its own."""
    path = stack.folder / "edge.yaml"
    text = path.read_text().replace("edge:\n", "edge:\n  serves: all\n")
    path.write_text(text)
    assert "serves: all" in text
    stack.edgegen("render")
    deploy(stack, "two")
    until("the clash", lambda: "defined multiple times" in said(stack, "two"))
    assert set(routers(stack, "two", password)) != own("two")
    until("an order for the other stack", lambda: len(authority.ordered()["own.one.pair.test"]) > 1)
    with pytest.raises(AssertionError):
        is_ordered_by_its_own(authority)
