"""A stack in a folder, a manager that changes from look to look, and a clock that nobody waits for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgegen.deploy.backends.base import Place
from edgegen.deploy.backends.swarm import SwarmBackend
from edgegen.deploy.command import Command, Result
from edgegen.deploy.swarm.talk import Talk
from tests.fakes.swarm import FakeSwarm, labelled

EDGE_LABEL = "edgegen.shop.edge"


def stack(**changes: Any) -> dict[str, Any]:
    """A stack as `docker stack config` prints it: an edge that is bound to its node, and an application."""
    edge: dict[str, Any] = {
        "image": "traefik:v3.7.15",
        "command": ["--providers.swarm=true", "--entrypoints.web.address=:80"],
        "networks": {"edge": None},
        "ports": [{"mode": "host", "target": 80, "published": 80, "protocol": "tcp"}],
        "deploy": {"placement": {"constraints": ["node.role == manager", f"node.labels.{EDGE_LABEL} == true"]}},
    }
    good = {
        "version": "3.13",
        "services": {"edge": edge, "app": {"image": "app:1", "networks": {"edge": None}}},
        "networks": {"edge": {"name": "shop_edge", "driver": "overlay", "attachable": True}},
        "volumes": {"acme": {}},
    }
    return {**good, **changes}


class Notes(list[str]):
    """A reporter that remembers."""

    def note(self, text: str, /) -> None:
        self.append(text)

    def tick(self, text: str, /) -> None:
        """What is in order is not a note."""


@dataclass
class FakeClock:
    """Time passes only in `sleep`, which tells `then` about it."""

    at: float = 0.0
    then: Callable[[float], None] = lambda _: None

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.then(self.at)


@dataclass
class Manager(FakeSwarm):
    """A manager that also knows what a start and a stop ask. `config` is what `docker stack config` prints."""

    config: Mapping[str, Any] = field(default_factory=stack)
    known_networks: Sequence[Mapping[str, Any]] = ()
    known_volumes: Sequence[Mapping[str, Any]] = ()
    """As `docker volume inspect` prints them in our format."""
    containers: Sequence[Mapping[str, Any]] = ()
    volumes: Sequence[str] = ()
    kept: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    """`secret` and `config`: objects as `docker … inspect` prints them in our format."""
    ran: list[Command] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    """Networks that were created and not removed."""
    on_deploy: Callable[[], None] = lambda: None

    def run(self, command: Command) -> Result:
        self.ran.append(command)
        words = command.argv[1:]
        for begin, result in self.scripted.items():
            if words[: len(begin)] == begin:
                return result
        match words:
            case ("stack", "config", *_):
                return Result(0, json.dumps(self.config))
            case ("service", "ls", *_, "--format", "{{.Name}}"):
                return _lines(item["name"] for item in self.services)
            case ("service", "inspect", "--format", "{{.ID}}:{{.Version.Index}}", *_):
                return _lines(f"{item['id']}:7" for item in self.services)
            case ("stack", "deploy", *_):
                self.on_deploy()
                return Result(0, "Updating service\n")
            case ("stack", "rm", *_) | ("node", "update", *_) | ("service" | "secret" | "config" | "volume", "rm", *_):
                return Result(0)
            case ("network", "ls", "--quiet", "--no-trunc"):
                return _lines(item["id"] for item in self.known_networks)
            case ("network", "inspect", *_):
                return _lines(json.dumps(item) for item in self.known_networks)
            case ("network", "ls", "--no-trunc", *_):
                return _lines(json.dumps({"ID": name, "Name": name}) for name in sorted(self.made))
            case ("network", "ls", *_):
                return Result(0)
            case ("network", "create" | "rm" as what, *_, name):
                (self.made.add if what == "create" else self.made.discard)(name)
                return Result(0)
            case ("ps", *_):
                return _lines(item["id"] for item in self.containers)
            case ("inspect", "--type", "container", *_):
                return _lines(json.dumps(item) for item in self.containers)
            case ("volume", "inspect", "--format", _, *asked):
                found = [json.dumps(item) for item in self.known_volumes if item["name"] in asked]
                missing = len(asked) - len(found)
                return Result(bool(missing), "\n".join(found), "Error: get x: no such volume\n" * missing)
            case ("volume", "ls", *_):
                return _lines(self.volumes)
            case ("secret" | "config" as kind, "ls", *_):
                return _lines(item["id"] for item in self.kept.get(kind, ()))
            case ("secret" | "config" as kind, "inspect", *_):
                return _lines(json.dumps(item) for item in self.kept.get(kind, ()))
        return super().run(command)

    def called(self, *begin: str) -> list[Command]:
        """The commands that begin so."""
        return [command for command in self.ran if command.argv[1 : 1 + len(begin)] == begin]


def manager(**changes: Any) -> Manager:
    """A swarm of one node, marked for the edge."""
    return Manager(**{"nodes": [labelled("one", EDGE_LABEL)], **changes})


def backend(folder: Path, swarm: Manager, clock: FakeClock | None = None, **values: str) -> SwarmBackend:
    """What runs the stack `shop` of a folder, on a clock of the test."""
    (folder / "stack.yml").write_text(json.dumps(swarm.config))
    made = SwarmBackend(Place(folder, folder / "stack.yml", swarm, name="shop", values=values))
    made.talk = Talk(swarm, clock or FakeClock())
    return made


def network(name: str, scope: str = "swarm", stack: str = "", **changes: Any) -> dict[str, Any]:
    """A network as `docker network inspect` prints it in our format."""
    good: dict[str, Any] = {
        "id": f"n-{name}",
        "name": name,
        "scope": scope,
        "labels": {"com.docker.stack.namespace": stack},
        "internal": False,
        "options": {"com.docker.network.driver.overlay.vxlanid_list": "4104"},
        "subnets": [{"Subnet": "10.0.8.0/24", "Gateway": "10.0.8.1"}],
    }
    return {**good, **changes}


def _lines(lines: Any) -> Result:
    return Result(0, "".join(f"{line}\n" for line in lines))
