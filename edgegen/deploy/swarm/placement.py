"""Whether any node meets a service's constraints and has what it reserves, as the scheduler reads them. Pure.

Swarm takes what no node can run without a word: the old task may stop, and the new one waits for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from edgegen.compose.swarm_names import volume_node_label
from edgegen.core.errors import Problem
from edgegen.core.suggest import did_you_mean
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.deploy.swarm.stack_file import Service, StackFile

_WORDS = re.compile(r"\s*(?P<key>[\w.-]+)\s*(?P<operator>==|!=)\s*(?P<value>.*?)\s*", re.ASCII)
_LABEL = "node.labels."
_MIB = 1 << 20


def placement_problems(stack: StackFile, seen: Sequence[NodeSeen], pinned: Mapping[str, NodeSeen]) -> Iterator[Problem]:
    """Services that no node can run. `pinned`: label -> the node that has it, or gets it before the start."""
    nodes = [_with_labels(node, pinned) for node in seen]
    for service in _bound(stack, pinned):
        fit = fitting(service.constraints, nodes)
        yield from _too_small(service, fit) if fit else [_nowhere(service, nodes)]


def placement_notices(stack: StackFile, seen: Sequence[NodeSeen], pinned: Mapping[str, NodeSeen]) -> Iterator[str]:
    """Services that can run only on nodes that don't take tasks at present."""
    nodes = [_with_labels(node, pinned) for node in seen]
    for service in _bound(stack, pinned):
        fit = fitting(service.constraints, nodes) if service.constraints else []
        if fit and not any(node.takes_tasks for node in fit):
            listed = ", ".join(f"`{node.hostname}` ({node.standing})" for node in fit)
            yield f"`{service.name}` can't start at present: none of the nodes that it may run on takes tasks: {listed}"


def fitting(constraints: Sequence[str], nodes: Sequence[NodeSeen]) -> list[NodeSeen]:
    """The nodes that meet all of them, ready or not."""
    return [node for node in nodes if all(_meets(node, constraint) for constraint in constraints)]


def _bound(stack: StackFile, pinned: Mapping[str, NodeSeen]) -> Iterator[Service]:
    """Those with tasks, except where a label of edgegen has no node yet: that is another obstacle."""
    prefix = volume_node_label(stack.name, "")
    for service in stack:
        asked = {label for label in service.labels if label.startswith(prefix)}
        if not service.is_off and asked <= pinned.keys():
            yield service


def _with_labels(node: NodeSeen, pinned: Mapping[str, NodeSeen]) -> NodeSeen:
    own = {label: "true" for label, holder in pinned.items() if holder.id == node.id}
    return replace(node, labels={**node.labels, **own})


def _meets(node: NodeSeen, constraint: str) -> bool:
    """A platform, an address and what engines say of themselves are not known here: any node may meet those."""
    words = _WORDS.fullmatch(constraint)
    value = _value(node, words["key"]) if words else None
    if words is None or value is None:
        return True
    return (value.casefold() == words["value"].casefold()) is (words["operator"] == "==")


def _value(node: NodeSeen, key: str) -> str | None:
    if key.startswith(_LABEL):
        return node.labels.get(key.removeprefix(_LABEL), "")
    return {"node.id": node.id, "node.hostname": node.hostname, "node.role": node.role}.get(key)


def _nowhere(service: Service, nodes: Sequence[NodeSeen]) -> Problem:
    alone = [one for one in service.constraints if not fitting([one], nodes)]
    meant = " and ".join(f"`{one.strip()}`" for one in alone or service.constraints)
    return Problem(
        f"no node of the swarm meets {meant}: the swarm would take the service, and never start it",
        path=f"services.{service.name}.deploy.placement.constraints",
        hint=_hint(alone[0], nodes) if alone else "each is met by a node, and all of them by none",
    )


def _too_small(service: Service, fit: Sequence[NodeSeen]) -> Iterator[Problem]:
    """Nodes of which not even an empty one has what is reserved."""
    most = max(node.cpus for node in fit), max(node.memory for node in fit)
    cpus = (service.cpus, most[0], f"{service.cpus:g} CPUs", f"{most[0]:g}")
    memory = (service.memory, most[1], f"{service.memory / _MIB:,.0f} MiB of memory", f"{most[1] / _MIB:,.0f} MiB")
    if not all(node.cpus and node.memory for node in fit):  # the swarm has not heard from one yet
        return
    for wanted, there, said, had in (cpus, memory):
        if wanted > there:
            yield Problem(
                f"{said} are reserved for each task, and no node that may run it has more than {had}: the swarm "
                "would take the service, and never start it",
                path=f"services.{service.name}.deploy.resources.reservations",
                hint="reserve less; what a task may use at most is `limits`",
            )


def _hint(constraint: str, nodes: Sequence[NodeSeen]) -> str:
    words = _WORDS.fullmatch(constraint)
    key, value = (words["key"], words["value"]) if words else ("", "")
    if not key.startswith(_LABEL) or (words and words["operator"] == "!="):
        names = [node.hostname for node in nodes]
        listed = f"the nodes are {', '.join(names)}"
        return did_you_mean(value, names, listed) if key == "node.hostname" else f"{listed}: `edgegen swarm nodes`"
    label = f"{key.removeprefix(_LABEL)}={value}"
    known = [f"{name}={held}" for node in nodes for name, held in node.labels.items()]
    give = f"`docker node update --label-add {label} NODE` gives a node the label"
    near = did_you_mean(label, known)
    return f"{near.removesuffix('?')}? {give}" if near else give
