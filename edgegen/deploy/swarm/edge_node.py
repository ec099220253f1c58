"""Which node runs a stack's edge."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.compose.swarm_names import edge_node_label
from edgegen.core.errors import Problem, RefusedError
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.check import membership_problems
from edgegen.deploy.swarm.nodes import EDGE_TWICE, NodeSeen, labelled, marked_twice, membership, nodes


def edge_node(runner: Executor, stack: str) -> NodeSeen:
    """The node that runs the edge of a stack, or will once it is started.

    Raises OutsideError if the engine does not answer, RefusedError if it is not a manager or the nodes' labels don't
    say which one it is.
    """
    found = membership(runner)
    if refused := list(membership_problems(found)):
        raise RefusedError(refused)
    chosen = chosen_node(nodes(runner), stack)
    if isinstance(chosen, Problem):
        raise RefusedError(chosen)
    return chosen


def chosen_node(found: Sequence[NodeSeen], stack: str) -> NodeSeen | Problem:
    """The labelled node; where none is labelled, the only manager, which `up` labels. Pure."""
    label = edge_node_label(stack)
    chosen = labelled(found, label)
    if len(chosen) > 1:
        return marked_twice(chosen, label, "the edge", EDGE_TWICE)
    managers = chosen or tuple(node for node in found if node.is_manager)
    if len(managers) != 1:
        names = ", ".join(node.hostname for node in managers)
        return Problem(
            f"no node has the label `{label}`, and the swarm has {len(managers)} managers: {names}",
            hint="choose one: `edgegen up --edge-node HOST`",
        )
    return managers[0]
