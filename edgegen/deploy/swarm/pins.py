"""Which node keeps what stays on one node: the edge, and each local volume. Pure.

A label of the node says so, for its id changes when it leaves and comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from edgegen.compose.swarm_names import edge_node_label, volume_node_label
from edgegen.core.errors import Problem
from edgegen.deploy.preflight import Preparation
from edgegen.deploy.swarm.commands import label_command
from edgegen.deploy.swarm.nodes import EDGE_TWICE, NodeSeen, find, labelled, marked_twice
from edgegen.deploy.swarm.stack_file import StackFile


class Pins(Struct, frozen=True):
    """Label -> its node, with the obstacles and the labels that are still missing."""

    nodes: Mapping[str, NodeSeen]
    problems: tuple[Problem, ...] = ()
    missing: tuple[Preparation, ...] = ()


class _Pin(Struct, frozen=True):
    """One label that the stack asks for. `word` is the node that the user names, or ""."""

    label: str
    what: str
    path: str
    flag: str
    word: str
    is_edge: bool = False


def pins(stack: StackFile, seen: Sequence[NodeSeen], edge_node: str, volume_nodes: Mapping[str, str]) -> Pins:
    """A node for every label that the stack asks for."""
    nodes: dict[str, NodeSeen] = {}
    problems: list[Problem] = list(_unknown(stack, edge_node, volume_nodes))
    missing: list[Preparation] = []
    for pin in _each_once(_wanted(stack, edge_node, volume_nodes)):
        marked = labelled(seen, pin.label)
        node, wrong = _held(pin, marked, seen) if marked else _chosen(pin, seen)
        if wrong or node is None:
            problems += wrong
            continue
        nodes[pin.label] = node
        if not marked:
            told = f"node `{node.hostname}` keeps {pin.what} from now on: it has the label {pin.label}=true"
            missing.append(Preparation("label", pin.label, label_command(node.id, pin.label), told))
    return Pins(nodes, tuple(problems), tuple(missing))


def _wanted(stack: StackFile, edge_node: str, volume_nodes: Mapping[str, str]) -> Iterator[_Pin]:
    edge, prefix = edge_node_label(stack.name), volume_node_label(stack.name, "")
    for service in stack:
        for label in sorted(service.labels):
            if label == edge:
                yield _Pin(label, "the edge", "", "--edge-node HOST", edge_node, is_edge=True)
            elif label.startswith(prefix):
                volume = label.removeprefix(prefix)
                flag, word = f"--volume-node {volume}=HOST", volume_nodes.get(volume, "")
                yield _Pin(label, f"volume `{volume}`", f"services.{service.name}", flag, word)


def _each_once(found: Iterable[_Pin]) -> Iterable[_Pin]:
    """Traefik and its socket proxy ask for one label."""
    first: dict[str, _Pin] = {}
    for pin in found:
        first.setdefault(pin.label, pin)
    return first.values()


def _unknown(stack: StackFile, edge_node: str, volume_nodes: Mapping[str, str]) -> Iterator[Problem]:
    """Options for what the stack does not have."""
    known = {label for service in stack for label in service.labels}
    if edge_node and edge_node_label(stack.name) not in known:
        yield Problem(f"--edge-node {edge_node}: this stack does not have its own edge", hint="leave the option out")
    for volume in volume_nodes:
        if volume_node_label(stack.name, volume) not in known:
            yield Problem(
                f"--volume-node {volume}=…: no service of the stack has a volume `{volume}` that stays on one node",
                hint="leave the option out, or name a volume of `volumes:`",
            )


def _held(pin: _Pin, marked: Sequence[NodeSeen], seen: Sequence[NodeSeen]) -> tuple[NodeSeen | None, list[Problem]]:
    """A node has the label: it must be the only one, able to take tasks, and the one that the user names."""
    if len(marked) > 1:
        why = EDGE_TWICE if pin.is_edge else "each would have its own"
        return None, [marked_twice(marked, pin.label, pin.what, why, pin.path)]
    node = marked[0]
    if pin.word and find(seen, pin.word) != node:
        return None, [_other(pin, node)]
    return node, list(_unfit(pin, node))


def _chosen(pin: _Pin, seen: Sequence[NodeSeen]) -> tuple[NodeSeen | None, list[Problem]]:
    """No node has the label yet: the one that the user names, or the only one that there is."""
    candidates = [node for node in seen if node.is_manager or not pin.is_edge]
    if pin.word:
        node = find(seen, pin.word)
        if node is None:
            listed = ", ".join(one.hostname for one in candidates)
            return None, [Problem(f"there is no node `{pin.word}` in the swarm", hint=f"its nodes are {listed}")]
        return node, list(_unfit(pin, node))
    if len(seen) == 1 or (pin.is_edge and len(candidates) == 1):
        return candidates[0], list(_unfit(pin, candidates[0]))
    listed = ", ".join(one.hostname for one in candidates)
    command = label_command("NODE", pin.label).line()
    why = "Traefik holds ports and certificates there" if pin.is_edge else "its data stays there"
    return None, [
        Problem(
            f"no node is marked for {pin.what}, and there are {len(candidates)} to choose from: {listed}; {why}",
            path=pin.path,
            hint=f"`edgegen up {pin.flag}` marks one, or `{command}`",
        )
    ]


def _unfit(pin: _Pin, node: NodeSeen) -> Iterator[Problem]:
    if pin.is_edge and not node.is_manager:
        yield Problem(
            f"node `{node.hostname}` is marked for the edge and is a worker: Traefik reads the swarm from a manager",
            path=pin.path,
            hint=f"`docker node promote {node.hostname}`, or mark a manager",
        )
    if not node.takes_tasks:
        yield Problem(
            f"node `{node.hostname}`, which keeps {pin.what}, can't take tasks: {_state(node)}",
            path=pin.path,
            hint=_ready_again(pin, node),
        )


def _state(node: NodeSeen) -> str:
    return f"it is {node.state}" if node.state != "ready" else f"it is set to `{node.availability}`"


def _ready_again(pin: _Pin, node: NodeSeen) -> str:
    if node.state == "ready":
        return f"`edgegen swarm activate {node.hostname}`"
    start = "start its engine"
    return f"{start}; or `edgegen swarm move-edge HOST` moves the edge to another manager" if pin.is_edge else start


def _other(pin: _Pin, node: NodeSeen) -> Problem:
    moves = (
        f"`edgegen swarm move-edge {pin.word}` takes the certificates along"
        if pin.is_edge
        else f"move its data first, then `docker node update --label-rm {pin.label} {node.hostname}`"
    )
    return Problem(f"{pin.what} is on node `{node.hostname}`, not on `{pin.word}`", path=pin.path, hint=moves)
