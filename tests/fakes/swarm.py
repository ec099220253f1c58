"""A swarm's manager, as Docker's client tells about it: objects in the shapes that were recorded on a real one."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from edgegen.deploy.command import Command, Result

EDGE = {"Target": "n-edge", "Aliases": ["app"]}
NO_MANAGER = (
    'Error response from daemon: This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to '
    "connect this node to swarm and try again."
)


def node(name: str = "one", **changes: Any) -> dict[str, Any]:
    """A node as `docker node inspect` prints it in our format: a manager that is well."""
    good: dict[str, Any] = {
        "id": f"node-{name}",
        "hostname": name,
        "spec": {"Labels": {}, "Role": "manager", "Availability": "active"},
        "status": {"State": "ready", "Addr": "10.99.0.1"},
        "manager": {"Leader": True, "Reachability": "reachable", "Addr": "10.99.0.1:2377"},
    }
    return {**good, **changes}


def labelled(name: str = "one", *labels: str, **changes: Any) -> dict[str, Any]:
    """A node with labels of edgegen."""
    spec = {"Labels": dict.fromkeys(labels, "true"), "Role": "manager", "Availability": "active"}
    return node(name, **{"spec": spec, **changes})


def service(name: str, stack: str = "web", **changes: Any) -> dict[str, Any]:
    """A service as `docker service inspect` prints it in our format: replicated, once, on the edge's network."""
    own = {"com.docker.stack.namespace": stack}
    good: dict[str, Any] = {
        "id": f"service-{name}",
        "name": f"{stack}_{name}",
        "labels": {"com.docker.stack.image": "app:1", **own, **changes.pop("labels", {})},
        "mode": {"Replicated": {"Replicas": 1}},
        "update": None,
        "networks": [EDGE],
        "placement": {},
        "endpoint": {"Mode": "dnsrr"},
        "restart": {"Condition": "any"},
        "image": "app:1",
        "container_labels": {**own, **changes.pop("container_labels", {})},
        "args": None,
        "command": None,
        "mounts": None,
        "secrets": None,
        "configs": None,
        "stop_signal": "",
        "health": None,
        "variables": [None],
        "settings": [None],
    }
    return {**good, **changes}


def task(of: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A task as `docker inspect --type task` prints it in our format: it runs."""
    state, error = changes.pop("state", "running"), changes.pop("error", None)
    status = {
        "Timestamp": "2026-01-01T00:00:01Z",
        "State": state,
        "Message": "started",
        **({"Err": error} if error else {}),
        "ContainerStatus": {"ContainerID": f"c-{of}-{number}" if state == "running" else "", "PID": 7, "ExitCode": 0},
        "PortStatus": {},
    }
    good: dict[str, Any] = {
        "id": f"task-{of}-{number}",
        "service": f"service-{of}",
        "node": "node-one",
        "slot": number,
        "desired": "running",
        "status": status,
        "created": f"2026-01-01T00:00:{number:02}Z",
        "networks": [{"Network": {"ID": "n-edge", "Spec": {"Name": "web_edge"}}, "Addresses": ["10.0.2.3/24"]}],
        "image": "app:1",
    }
    return {**good, **changes}


@dataclass
class FakeSwarm:
    """An `Executor` that answers for a manager. `is_manager` False: for an engine without a swarm."""

    nodes: Sequence[Mapping[str, Any]] = ()
    services: Sequence[Mapping[str, Any]] = ()
    tasks: Sequence[Mapping[str, Any]] = ()
    networks: Mapping[str, str] = field(default_factory=lambda: {"n-edge": "web_edge", "n-other": "web_other"})
    logs: Mapping[str, str] = field(default_factory=dict)
    """Name of a service -> what `docker service logs` prints on stderr, as Traefik's log arrives there."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """`CONTAINER:PATH` -> what `docker cp` finds there, of mode 0600."""
    scripted: Mapping[tuple[str, ...], Result] = field(default_factory=dict)
    """The first words of a command -> its result, before anything else."""
    is_manager: bool = True
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def run(self, command: Command) -> Result:
        """What Docker's client would print."""
        words = command.argv[1:]
        self.asked.append(words)
        for begin, result in self.scripted.items():
            if words[: len(begin)] == begin:
                return result
        match words:
            case ("version", *_):
                server = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}
                return _json({"Server": server})
            case ("context", *_):
                return Result(0, "unix:///var/run/docker.sock\n")
            case ("info", *_):
                state = "active" if self.is_manager else "inactive"
                node = str(self.nodes[0]["id"]) if self.nodes else ""
                return _json({"NodeID": node, "NodeAddr": "10.99.0.1", "LocalNodeState": state,
                              "ControlAvailable": self.is_manager, "Error": ""})  # fmt: skip
            case ("node" | "service", *_) if not self.is_manager:
                return Result(1, "", NO_MANAGER)
            case ("node", "ls", *_):
                return _lines(item["id"] for item in self.nodes)
            case ("node", "inspect", *ids):
                return _of(self.nodes, ids)
            case ("service", "ls", *filters):
                return _lines(item["id"] for item in self.services if _in_stack(item, filters))
            case ("service", "inspect", *ids):
                return _of(self.services, ids)
            case ("service", "ps", *ids):
                return _lines(item["id"] for item in self.tasks if item["service"] in ids)
            case ("inspect", "--type", "task", *ids):
                return _of(self.tasks, ids)
            case ("network", "ls", *_):
                return _lines(json.dumps({"ID": id_, "Name": name}) for id_, name in self.networks.items())
            case ("cp", source, "-"):
                return (
                    Result(0, archive(self.files[source])) if source in self.files else Result(1, "", _no_file(source))
                )
            case ("service", "logs", *_, name):
                return Result(0, "", self.logs.get(name, ""))
        return Result(1, "", f"nothing is scripted for {words}")

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        """As `run`, without the output."""
        return Result(self.run(command).returncode)

    def stream_all(self, commands: Sequence[Command]) -> list[Result]:
        """Each of them as `stream`."""
        return [self.stream(command) for command in commands]


def _in_stack(item: Mapping[str, Any], filters: Sequence[str]) -> bool:
    wanted = [word.rpartition("=")[2] for word in filters if word.startswith("label=")]
    return not wanted or item["labels"].get("com.docker.stack.namespace") in wanted


def _of(objects: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> Result:
    return _lines(json.dumps(item) for item in objects if item["id"] in ids)


def _no_file(source: str) -> str:
    container, _, path = source.partition(":")
    return f"Error response from daemon: Could not find the file {path} in container {container}"


def archive(content: bytes) -> str:
    """acme.json as `docker cp` prints it."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as opened:
        entry = tarfile.TarInfo("acme.json")
        entry.size, entry.mode = len(content), 0o600
        opened.addfile(entry, io.BytesIO(content))
    return made.getvalue().decode()


def _lines(lines: Any) -> Result:
    return Result(0, "".join(f"{line}\n" for line in lines))


def _json(value: object) -> Result:
    return Result(0, json.dumps(value))
