"""Engines of several hosts that join, lead and leave a swarm as Docker's do; each is asked by its command lines."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from edgegen.deploy.command import Command, Result
from tests.fakes.swarm import archive, task

TOKEN = "SWMTKN-1-49nj1cmql0jkz5s954yi3oex3nedyz0fb0xx14ie39trti4wxv-8vxv8rssmk743ojnwacrr2e7c"


@dataclass
class FakeNode:
    """One engine. `swarm` "" is none; two engines with the same one are members of the same swarm."""

    name: str
    swarm: str = ""
    role: str = "worker"
    state: str = "active"
    availability: str = "active"
    labels: dict[str, str] = field(default_factory=dict)
    init_error: str = ""
    join_status: int = 200
    broken: dict[tuple[str, ...], Result] = field(default_factory=dict)
    """The first words of a command -> how it fails there, before anything else."""
    is_copy: bool = False
    """Whether its machine is a copy of another one, its engine's id included."""
    heard: str = "ready"
    """Its state as the managers see it."""
    known_address: bool = True
    """Whether the swarm knows its address."""
    volumes: dict[str, bytes | None] = field(default_factory=dict)
    """Name -> the acme.json in it, if it has one."""

    @property
    def id(self) -> str:
        return f"id-{self.name}" if self.swarm else ""

    @property
    def address(self) -> str:
        return f"10.0.0.{sum(map(ord, self.name)) % 200 + 1}"

    def described(self) -> dict[str, object]:
        address = self.address if self.known_address else ""
        manager = {"Leader": False, "Reachability": "reachable", "Addr": f"{address}:2377" if address else ""}
        return {
            "id": self.id,
            "hostname": self.name,
            "spec": {"Labels": self.labels, "Role": self.role, "Availability": self.availability},
            "status": {"State": self.heard, "Addr": address},
            "manager": manager if self.role == "manager" else None,
        }


@dataclass
class FakeHosts:
    """All hosts, as `ssh://NAME`. `ran` is every command line with its host, `sent` every standard input."""

    nodes: dict[str, FakeNode]
    ran: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    edge: dict[str, Any] | None = None
    """The service with acme.json, as `docker service inspect` prints it in our format."""
    runs_on: str | None = None
    """The id of the node where it runs, "" for none; None: the first that has its label."""
    containers: list[str] = field(default_factory=list)
    """Those that are open now: each is the name of its volume."""

    @classmethod
    def of(cls, *nodes: FakeNode) -> FakeHosts:
        return cls({f"ssh://{node.name}": node for node in nodes})

    def engine(self, host: str) -> _Engine:
        return _Engine(self, host)

    def members(self, swarm: str) -> list[FakeNode]:
        return [node for node in self.nodes.values() if node.swarm == swarm]

    def changes(self) -> list[str]:
        """The commands that changed something."""
        asking = ("info", "node ls", "node inspect", "node ps", "swarm join-token", "service", "inspect", "volume ls")
        lines = [f"{host} {' '.join(words)}" for host, words in self.ran]
        return [line for line in lines if not line.partition(" ")[2].startswith(asking)]


@dataclass
class _Engine:
    hosts: FakeHosts
    host: str

    def run(self, command: Command) -> Result:
        words = command.argv[1:]
        self.hosts.ran.append((self.host, words))
        if command.stdin:
            self.hosts.sent.append(command.stdin)
        node = self.hosts.nodes[self.host]
        for begin, result in node.broken.items():
            if words[: len(begin)] == begin:
                return result
        for begin, act in _ACTS.items():
            if words[: len(begin)] == begin:
                return act(self.hosts, node, words[len(begin) :], command.stdin or "")
        return Result(1, "", f"nothing is scripted for {words}")

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        return Result(self.run(command).returncode)

    def stream_all(self, commands: list[Command]) -> list[Result]:
        return [self.stream(command) for command in commands]


def _info(hosts: FakeHosts, node: FakeNode, words: tuple[str, ...], _: str) -> Result:
    if words[-1] == "{{.ID}} {{.Name}}":
        return Result(0, f"ENGINE:{'COPY' if node.is_copy else node.name} {node.name}\n")
    managers = [{"Addr": f"{one.address}:2377"} for one in hosts.members(node.swarm) if one.role == "manager"]
    if "RemoteManagers" in words[-1]:
        return Result(0, json.dumps(managers))
    state = node.state if node.swarm else "inactive"
    return Result(0, json.dumps({
        "NodeID": node.id, "NodeAddr": node.address, "LocalNodeState": state,
        "ControlAvailable": bool(node.swarm) and node.role == "manager", "Error": "", "RemoteManagers": managers,
    }))  # fmt: skip


def _init(_hosts: FakeHosts, node: FakeNode, words: tuple[str, ...], _: str) -> Result:
    if node.init_error and not words:
        return Result(1, "", node.init_error)
    node.swarm, node.role = f"of {node.name}", "manager"
    return Result(0, f"docker swarm join --token {TOKEN} {node.address}:2377\n")


def _join(hosts: FakeHosts, node: FakeNode, _words: tuple[str, ...], sent: str) -> Result:
    body = json.loads(sent.partition("\r\n\r\n")[2])
    if node.join_status != 200:
        text = json.dumps({"message": f"no, not with {body['JoinToken']}"})
        head = (
            f"HTTP/1.1 {node.join_status} No\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        )
        return Result(0, head + text)
    (leader,) = [one for one in hosts.nodes.values() if body["RemoteAddrs"][0] == f"{one.address}:2377"]
    node.swarm, node.role = leader.swarm, body["JoinToken"].removeprefix(TOKEN).lstrip("-") or "worker"
    return Result(0, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def _by_id(hosts: FakeHosts, id_: str) -> FakeNode:
    return next(node for node in hosts.nodes.values() if node.id == id_)


def _promote(hosts: FakeHosts, _: FakeNode, words: tuple[str, ...], __: str) -> Result:
    _by_id(hosts, words[0]).role = "manager"
    return Result(0)


def _update(hosts: FakeHosts, _: FakeNode, words: tuple[str, ...], __: str) -> Result:
    node, (option, value) = _by_id(hosts, words[-1]), words[:2]
    if option == "--availability":
        node.availability = value
    elif option == "--label-add":
        node.labels[value.partition("=")[0]] = value.partition("=")[2]
    else:
        del node.labels[value]
    return Result(0)


def _inspect(hosts: FakeHosts, _: FakeNode, words: tuple[str, ...], __: str) -> Result:
    return Result(0, "".join(json.dumps(_by_id(hosts, id_).described()) + "\n" for id_ in words[2:]))


def _create(hosts: FakeHosts, node: FakeNode, words: tuple[str, ...], _: str) -> Result:
    volume = words[words.index("--volume") + 1].partition(":")[0]
    node.volumes.setdefault(volume, None)
    hosts.containers.append(volume)
    return Result(0, f"{volume}\n")


def _copy(hosts: FakeHosts, node: FakeNode, words: tuple[str, ...], sent: str) -> Result:
    source, target = words[-2:]
    if target == "-":
        found = node.volumes[source.partition(":")[0]]
        if found is None:
            return Result(1, "", "Error response from daemon: Could not find the file /acme/acme.json in container x")
        return Result(0, archive(found))
    node.volumes[target.partition(":")[0]] = unpacked(sent)
    return Result(0)


def unpacked(text: str) -> bytes:
    """The file in an archive as `docker cp` takes it."""
    with tarfile.open(fileobj=io.BytesIO(text.encode())) as opened:
        file = opened.extractfile("acme.json")
        assert file is not None
        return file.read()


def _remove(hosts: FakeHosts, _: FakeNode, words: tuple[str, ...], __: str) -> Result:
    hosts.containers.remove(words[-1])
    return Result(0)


def _tasks(hosts: FakeHosts, node: FakeNode, _: tuple[str, ...], __: str) -> Result:
    """The edge's task."""
    ids = [one.id for one in hosts.members(node.swarm) if "true" in one.labels.values()]
    if hosts.runs_on is not None:
        ids = [hosts.runs_on]
    return Result(0, json.dumps(task("traefik", node=ids[0] if ids else "")))


_Act = Callable[[FakeHosts, FakeNode, tuple[str, ...], str], Result]
_ACTS: dict[tuple[str, ...], _Act] = {
    ("info",): _info,
    ("swarm", "init"): _init,
    ("swarm", "join-token", "--quiet"): lambda hosts, node, words, _: Result(
        0, TOKEN + ("-manager" if words == ("manager",) else "") + "\n"
    ),
    ("system", "dial-stdio"): _join,
    ("node", "promote"): _promote,
    ("node", "update"): _update,
    ("node", "ls"): lambda hosts, node, words, _: Result(
        0, "".join(f"{one.id}\n" for one in hosts.members(node.swarm))
    ),
    ("node", "inspect"): _inspect,
    ("node", "ps"): lambda *_: Result(0, "Shutdown 2 seconds ago\n"),
    ("service", "ls"): lambda hosts, *_: Result(0, f"{hosts.edge['id']}\n" if hosts.edge else ""),
    ("service", "inspect"): lambda hosts, *_: Result(0, json.dumps(hosts.edge)),
    ("service", "ps"): lambda *_: Result(0, "task-traefik-1\n"),
    ("inspect", "--type", "task"): _tasks,
    ("volume", "ls"): lambda _, node, *__: Result(0, "".join(f"{name}\n" for name in node.volumes)),
    ("volume", "create"): lambda _, node, words, __: Result(0, str(node.volumes.setdefault(words[-1], None))),
    ("create",): _create,
    ("cp",): _copy,
    ("rm",): _remove,
}
