"""The nodes of a swarm, and what the engine that is asked is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from edgegen.core.errors import Problem
from edgegen.deploy.answers import Reader
from edgegen.deploy.engine import ask
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected, listed

EDGE_TWICE = "Traefik would start on either, each with its own certificates"
_NODE = Reader("docker node inspect")
_INFO = Reader("docker info")
_FORMAT = (
    '{"id":{{json .ID}},"hostname":{{json .Description.Hostname}},"spec":{{json .Spec}},"status":{{json .Status}},'
    '"manager":{{json .ManagerStatus}},"resources":{{json .Description.Resources}}}'
)
_NOWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, never bound


class NodeSeen(Struct, frozen=True):
    """One node of the swarm."""

    id: str
    hostname: str
    role: str = "worker"
    """`manager` or `worker`."""
    availability: str = "active"
    """`active`, `pause` or `drain`."""
    state: str = "ready"
    """`ready`, `down`, `unknown` or `disconnected`."""
    address: str = ""
    """The address under which the other nodes know it."""
    labels: Mapping[str, str] = field(default_factory=dict)
    is_leader: bool = False
    reachability: str = ""
    """`reachable` or `unreachable` for a manager, "" for a worker."""
    cpus: float = 0.0
    memory: int = 0
    """In bytes; 0, as for the CPUs, where the swarm does not know it."""

    @property
    def is_manager(self) -> bool:
        return self.role == "manager"

    def has(self, label: str) -> bool:
        """Whether a label of edgegen is set on it."""
        return self.labels.get(label) == "true"

    @property
    def takes_tasks(self) -> bool:
        """Whether tasks may start there now."""
        return self.state == "ready" and self.availability == "active"

    @property
    def standing(self) -> str:
        """`ready`, `down`, `drain` …: why tasks can't start there, if they can't."""
        return self.state if self.state != "ready" else self.availability

    def answers_to(self, word: str) -> bool:
        """Whether a user means this node: by its name, its address, or the beginning of its id."""
        return word in (self.hostname, self.address, self.id) or (len(word) > 5 and self.id.startswith(word))


class Membership(Struct, frozen=True):
    """What the engine that is asked is in its swarm."""

    state: str = "inactive"
    """`inactive`, `pending`, `active`, `error` or `locked`."""
    is_manager: bool = False
    node: str = ""
    """Its node's id."""
    address: str = ""
    error: str = ""
    managers: tuple[str, ...] = ()
    """The addresses of the managers that it knows."""


def membership(runner: Executor) -> Membership:
    """What this engine is in its swarm. Raises OutsideError if it does not answer."""
    answer = _INFO.json_object(ask(runner, "docker", "info", "--format", "{{json .Swarm}}"), "its swarm")
    return Membership(
        state=_INFO.text(answer.get("LocalNodeState"), "LocalNodeState") or "inactive",
        is_manager=answer.get("ControlAvailable") is True,
        node=_INFO.text(answer.get("NodeID"), "NodeID"),
        address=_INFO.text(answer.get("NodeAddr"), "NodeAddr"),
        error=_INFO.text(answer.get("Error"), "Error"),
        managers=tuple(
            _INFO.text(one.get("Addr"), "Addr").rpartition(":")[0].strip("[]")
            for one in _INFO.mappings(answer.get("RemoteManagers"), "RemoteManagers")
        ),
    )


def nodes(runner: Executor) -> tuple[NodeSeen, ...]:
    """All nodes, sorted by name. Raises OutsideError if the engine is not a manager."""
    found = inspected(runner, listed(runner, "node", "ls", "--quiet"), _FORMAT, _NODE, "node", "inspect")
    return tuple(sorted(map(_node, found), key=lambda node: (node.hostname, node.id)))


def find(found: Iterable[NodeSeen], word: str) -> NodeSeen | None:
    """The one node that a user means; None if there is none, or several."""
    meant = [node for node in found if node.answers_to(word)]
    return meant[0] if len(meant) == 1 else None


def labelled(found: Iterable[NodeSeen], label: str) -> tuple[NodeSeen, ...]:
    """Those with a label of edgegen."""
    return tuple(node for node in found if node.has(label))


def marked_twice(marked: Sequence[NodeSeen], label: str, what: str, why: str, path: str = "") -> Problem:
    """Several nodes have a label that only one may have. `what` stays on its node."""
    return Problem(
        f"{' and '.join(node.hostname for node in marked)} are both marked for {what}: {why}",
        path=path,
        hint=f"`docker node update --label-rm {label} {marked[-1].hostname}` leaves it on one",
    )


def _node(data: Mapping[str, Any]) -> NodeSeen:
    spec, status = (_NODE.mapping(data.get(key), key) for key in ("spec", "status"))
    manager, has = (_NODE.mapping(data.get(key), key) for key in ("manager", "resources"))
    return NodeSeen(
        id=_NODE.text(data.get("id"), "id"),
        hostname=_NODE.text(data.get("hostname"), "hostname"),
        role=_NODE.text(spec.get("Role"), "Role"),
        availability=_NODE.text(spec.get("Availability"), "Availability"),
        state=_NODE.text(status.get("State"), "State"),
        address=_address(status, manager),
        labels=_NODE.pairs(spec.get("Labels"), "Labels"),
        is_leader=manager.get("Leader") is True,
        reachability=_NODE.text(manager.get("Reachability"), "Reachability"),
        cpus=_NODE.number(has.get("NanoCPUs"), "NanoCPUs") / 1e9,
        memory=_NODE.number(has.get("MemoryBytes"), "MemoryBytes"),
    )


def _address(status: Mapping[str, Any], manager: Mapping[str, Any]) -> str:
    """A manager may know itself as 0.0.0.0; the address that it advertises to the others is right."""
    own = _NODE.text(status.get("Addr"), "Addr")
    advertised = _NODE.text(manager.get("Addr"), "Addr").rpartition(":")[0].strip("[]")
    return advertised if own in _NOWHERE else own
