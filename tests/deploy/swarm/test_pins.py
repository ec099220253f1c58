"""Which node keeps the edge and the volumes: as labelled, else the only one, else asked for."""

from __future__ import annotations

import pytest

from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.deploy.swarm.pins import Pins, pins
from edgegen.deploy.swarm.stack_file import Service, StackFile

EDGE, DATA = "edgegen.shop.edge", "edgegen.shop.data"
ONE = NodeSeen("id-one-1", "one", "manager", address="10.0.0.1")
TWO = NodeSeen("id-two-2", "two", "manager", address="10.0.0.2")
WORKER = NodeSeen("id-work-3", "work", "worker", address="10.0.0.3")
STACK = StackFile(
    "shop", (Service("traefik", labels=frozenset({EDGE})), Service("db", labels=frozenset({DATA})), Service("app"))
)


def with_label(node: NodeSeen, *labels: str, **changes: str) -> NodeSeen:
    return NodeSeen(
        node.id,
        node.hostname,
        node.role,
        address=node.address,
        labels=dict.fromkeys(labels, "true"),
        **changes,  # type: ignore[arg-type]
    )


def chosen(found: Pins) -> dict[str, str]:
    return {label: node.hostname for label, node in found.nodes.items()}


def said(found: Pins) -> str:
    return "\n".join(f"{problem.path}: {problem.message} ({problem.hint})" for problem in found.problems)


def test_one_node_takes_everything_and_is_labelled_and_told() -> None:
    found = pins(STACK, [ONE], "", {})
    assert chosen(found) == {EDGE: "one", DATA: "one"}
    assert [item.command.argv for item in found.missing] == [
        ("docker", "node", "update", "--label-add", f"{EDGE}=true", "id-one-1"),
        ("docker", "node", "update", "--label-add", f"{DATA}=true", "id-one-1"),
    ]
    assert "node `one` keeps the edge from now on" in found.missing[0].told
    assert found.problems == ()


def test_labels_that_stand_are_kept() -> None:
    found = pins(STACK, [with_label(ONE, EDGE), with_label(WORKER, DATA)], "", {})
    assert chosen(found) == {EDGE: "one", DATA: "work"}
    assert (found.problems, found.missing) == ((), ())


def test_the_only_manager_takes_the_edge_but_not_the_volume() -> None:
    found = pins(STACK, [ONE, WORKER], "", {})
    assert chosen(found) == {EDGE: "one"}
    assert "services.db: no node is marked for volume `data`, and there are 2 to choose from: one, work" in said(found)
    assert "--volume-node data=HOST" in said(found)
    assert f"docker node update --label-add {DATA}=true NODE" in said(found)


def test_of_two_managers_the_user_names_one() -> None:
    found = pins(STACK, [ONE, TWO, WORKER], "", {"data": "work"})
    assert ": no node is marked for the edge, and there are 2 to choose from: one, two" in said(found)
    assert "edgegen up --edge-node HOST" in said(found)
    assert chosen(pins(STACK, [ONE, TWO, WORKER], "two", {"data": "10.0.0.3"})) == {EDGE: "two", DATA: "work"}


def test_a_beginning_of_an_id_means_a_node_and_a_name_of_two_means_none() -> None:
    assert chosen(pins(STACK, [ONE, TWO], "id-two", {"data": "id-one-1"})) == {EDGE: "two", DATA: "one"}
    twin = NodeSeen("other", "one", "manager")
    assert "there is no node `one`" in said(pins(STACK, [ONE, twin], "one", {"data": "other"}))


def test_two_nodes_with_one_label_are_refused() -> None:
    found = pins(STACK, [with_label(ONE, EDGE, DATA), with_label(TWO, EDGE)], "", {})
    assert ": one and two are both marked for the edge" in said(found)
    assert f"docker node update --label-rm {EDGE} two" in said(found)
    assert EDGE not in found.nodes


def test_an_edge_that_is_elsewhere_is_moved_with_its_certificates() -> None:
    found = pins(STACK, [with_label(ONE, EDGE, DATA), TWO], "two", {})
    assert "the edge is on node `one`, not on `two`" in said(found)
    assert "edgegen swarm move-edge two" in said(found)
    found = pins(STACK, [with_label(ONE, EDGE, DATA), TWO], "one", {"data": "two"})
    assert "volume `data` is on node `one`, not on `two`" in said(found)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (with_label(WORKER, EDGE), "node `work` is marked for the edge and is a worker"),
        (
            with_label(ONE, EDGE, availability="drain"),
            "can't take tasks: it is set to `drain` (`edgegen swarm activate one`)",
        ),
        (with_label(ONE, EDGE, state="down"), "it is down (start its engine; or `edgegen swarm move-edge HOST`"),
    ],
)
def test_a_node_that_can_not_have_it_is_refused(node: NodeSeen, words: str) -> None:
    assert words in said(pins(STACK, [node, with_label(TWO, DATA)], "", {}))


def test_a_volume_that_nobody_has_is_a_mistake() -> None:
    assert "--volume-node dta=…: no service" in said(pins(STACK, [ONE], "", {"dta": "one"}))
    assert "there is no node `nine`" in said(pins(STACK, [ONE], "nine", {}))


def test_a_stack_without_an_edge_needs_no_node_for_it() -> None:
    assert "--edge-node one: this stack does not have its own edge" in said(
        pins(StackFile("shop", (Service("app"),)), [ONE], "one", {})
    )


def test_a_label_that_two_services_ask_for_is_set_and_missed_once() -> None:
    """Traefik and its socket proxy."""
    both = StackFile("shop", tuple(Service(name, labels=frozenset({EDGE})) for name in ("traefik", "proxy")))
    assert [item.name for item in pins(both, [ONE], "", {}).missing] == [EDGE]
    assert len(pins(both, [ONE, TWO], "", {}).problems) == 1
